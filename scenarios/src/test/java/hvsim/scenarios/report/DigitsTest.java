package hvsim.scenarios.report;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.math.BigDecimal;
import org.junit.jupiter.api.Test;

class DigitsTest {
    @Test
    void thousandsAreSetOff() {
        assertEquals("0", Digits.grouped(0));
        assertEquals("999", Digits.grouped(999));
        assertEquals("1,000", Digits.grouped(1000));
        assertEquals("-123,456", Digits.grouped(-123_456));
        assertEquals("-9,223,372,036,854,775,808", Digits.grouped(Long.MIN_VALUE));
    }

    @Test
    void decimalsAreAsManyAsAsked() {
        assertEquals("2,164.0", Digits.fixed(2164, 1));
        assertEquals("0.004", Digits.fixed(0.0041, 3));
        assertEquals("1,000,000.00", Digits.fixed(999_999.999, 2));
    }

    @Test
    void aHundredPercentIsPrintedOnlyIfExact() {
        assertEquals("100.00%", Digits.percent(1, 2));
        assertEquals("99.99%", Digits.percent(0.9999999, 2));
        assertEquals("76.8%", Digits.percent(0.768, 1));
        assertEquals("0.0%", Digits.percent(0, 1));
        assertEquals("1,250.0%", Digits.percent(12.5, 1));
    }

    @Test
    void ratiosHaveSixSignificantDigits() {
        assertEquals("1.24223", Digits.significant(1.242231234).toString());
        assertEquals("1542", Digits.significant(1542.0).toString());
        assertEquals("1234570", Digits.significant(1_234_567.8).toString());
        assertEquals("0.000000012", Digits.significant(1.2e-8).toPlainString());
        assertEquals("0.999999", Digits.significant(0.99999999).toString());
        assertEquals("0", Digits.significant(0.0).toString());
        assertEquals("1,234,570", Digits.six(1_234_567.8));
    }

    @Test
    void cyclesBecomeTime() {
        BigDecimal clock = new BigDecimal("2.4e9");
        assertEquals("5.47ms", Digits.time(13_126_620, clock));
        assertEquals("1ms", Digits.time(2_400_000, clock));
        assertEquals("1ms", Digits.time(2_399_999, clock));
        assertEquals("0.417ns", Digits.time(1, clock));
        assertEquals("0ns", Digits.time(0, clock));
        assertEquals("4,170s", Digits.time(10_000_000_000_000L, clock));
    }

    @Test
    void whatIsNoNumberIsRefused() {
        assertThrows(IllegalArgumentException.class, () -> Digits.significant(Double.NaN));
        assertThrows(IllegalArgumentException.class, () -> Digits.percent(Double.POSITIVE_INFINITY, 1));
    }
}
