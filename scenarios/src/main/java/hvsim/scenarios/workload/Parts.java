package hvsim.scenarios.workload;

/** Where the processes of a VM start in what they share: process k of n after k/n of it. */
final class Parts {
    private Parts() {}

    static long start(long length, int process, int processes) {
        return length / processes * process + length % processes * process / processes;
    }
}
