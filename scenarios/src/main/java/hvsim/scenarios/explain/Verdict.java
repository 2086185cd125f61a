package hvsim.scenarios.explain;

import hvsim.cpu.instruction.Decision;
import hvsim.cpu.state.ExceptionVector;
import hvsim.cpu.vmx.ExitReason;
import java.util.LinkedHashMap;
import java.util.Map;

/** A decision on an instruction in words, and as values. */
final class Verdict {
    private Verdict() {}

    static String words(Decision decision) {
        return switch (decision.kind()) {
            case EXECUTES -> decision.isSilentlyDifferent() ? "executes, silently different" : "executes";
            case FAULTS -> "faults: " + fault(decision);
            case EXITS -> "exits: " + reason(decision);
        };
    }

    private static String fault(Decision decision) {
        String mnemonic = ExceptionVector.byNumber(decision.vector()).mnemonic();
        return decision.errorCode() == Decision.NO_ERROR_CODE
                ? mnemonic
                : mnemonic + "(" + (decision.errorCode() == 0 ? "0" : Words.hex(decision.errorCode())) + ")";
    }

    private static String reason(Decision decision) {
        ExitReason reason = decision.reason();
        return reason == null ? "" : reason.name() + " (" + reason.number() + ")";
    }

    /** By names as in the VMCS; what this kind of decision does not have is left out. */
    static Map<String, Object> values(Decision decision) {
        Map<String, Object> values = new LinkedHashMap<>();
        values.put("result", Words.small(decision.kind()));
        switch (decision.kind()) {
            case EXECUTES -> values.put("silently_different", decision.isSilentlyDifferent());
            case FAULTS -> {
                values.put("vector", decision.vector());
                if (decision.errorCode() != Decision.NO_ERROR_CODE) {
                    values.put("error_code", decision.errorCode());
                }
            }
            case EXITS -> exit(decision, values);
        }
        values.put("rule", decision.rule().text());
        values.put("source", decision.rule().section());
        return values;
    }

    private static void exit(Decision decision, Map<String, Object> values) {
        ExitReason reason = decision.reason();
        if (reason != null) {
            values.put("exit_reason", reason.number());
            values.put("exit_reason_name", reason.name());
        }
        values.put("exit_qualification", Words.hex(decision.qualification()));
        values.put("exit_instruction_length", decision.instructionLengthBytes());
        values.put("exit_instruction_information", Words.hex(decision.instructionInformation()));
        values.put("guest_linear_address", Words.hex(decision.guestLinearAddress()));
    }
}
