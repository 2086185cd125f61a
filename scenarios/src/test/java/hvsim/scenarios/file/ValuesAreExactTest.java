package hvsim.scenarios.file;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.math.BigDecimal;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ValuesAreExactTest {
    @ParameterizedTest
    @CsvSource({
        "64B,64,64B",
        "4KiB,4096,4KiB",
        "1.5MiB,1572864,1536KiB",
        "1024KiB,1048576,1MiB",
        "0B,0,0B",
        "1TiB,1099511627776,1TiB"
    })
    void memoryIsReadInBytesAndWrittenInTheLargestUnit(String text, long bytes, String written) throws Exception {
        assertEquals(bytes, Bytes.parse(text).bytes());
        assertEquals(written, Bytes.parse(text).toString());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "64",
                "-1KiB",
                "1e3KiB",
                "KiB",
                "1 2KiB",
                "0.3B",
                "1.KiB",
                ".5KiB",
                "NaN",
                "Infinity",
                "5000000TiB",
                "٣KiB"
            })
    void otherMemoryIsRefused(String text) {
        assertThrows(BadValueException.class, () -> Bytes.parse(text));
    }

    @ParameterizedTest
    @CsvSource({"512MB,512MiB is 536 870 912 bytes", "1gb,1GiB is 1 073 741 824 bytes", "4K,4KiB is 4 096 bytes"})
    void decimalMemoryIsRefusedWithTheBinaryOne(String text, String rule) {
        BadValueException e = assertThrows(BadValueException.class, () -> Bytes.parse(text));
        assertEquals("'" + text + "' is decimal; memory is written in KiB, MiB, GiB, TiB", e.getMessage());
        assertEquals(rule, e.rule().replace(',', ' '));
    }

    @ParameterizedTest
    @CsvSource({"800ns,800,800ns", "10us,10000,10us", "1.5ms,1500000,1500us", "2s,2000000000,2s"})
    void timeIsReadInNanoseconds(String text, long nanos, String written) throws Exception {
        assertEquals(nanos, Time.parse(text).nanos());
        assertEquals(written, Time.parse(text).toString());
    }

    @ParameterizedTest
    @CsvSource({"2.4GHz,2400000000,2.4GHz", "250Hz,250,250Hz", "1500MHz,1500000000,1.5GHz"})
    void frequencyIsReadInHertz(String text, long hertz, String written) throws Exception {
        assertEquals(hertz, Frequency.parse(text).hertz());
        assertEquals(written, Frequency.parse(text).toString());
    }

    @ParameterizedTest
    @CsvSource({"30%,0.3,30%", "0%,0,0%", "100%,1,100%", "12.5%,0.125,12.5%"})
    void sharesAreExactFractions(String text, String fraction, String written) throws Exception {
        assertEquals(0, new BigDecimal(fraction).compareTo(Share.parse(text).fraction()));
        assertEquals(written, Share.parse(text).toString());
    }

    @ParameterizedTest
    @CsvSource({
        "40/M,40,1000000,40/M",
        "2/k,2,1000,2/k",
        "0.5/M,5,10000000,0.5/M",
        "50,50,0,50",
        "5k,5000,0,5000",
        "1/G,1,1000000000,0.001/M"
    })
    void ratesAreExactRatios(String text, long count, long per, String written) throws Exception {
        assertEquals(new Rate(count, per), Rate.parse(text));
        assertEquals(written, Rate.parse(text).toString());
    }

    @ParameterizedTest
    @ValueSource(strings = {"4/s", "/M", "2000/k", "-1/M", "1/M/M", "x", "0.1"})
    void otherRatesAreRefused(String text) {
        assertThrows(BadValueException.class, () -> Rate.parse(text));
    }

    @ParameterizedTest
    @CsvSource({"5000000,5000000", "5_000_000,5000000", "5M,5000000", "0x71,113", "1.5k,1500"})
    void countsMayCarryDecimalUnits(String text, long value) throws Exception {
        assertEquals(value, Count.parse(text, ""));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = ';',
            value = {
                "a,b;[a, b]",
                "[1,2],{a: 1};[[1,2], {a: 1}]",
                "\"x,y\",z;[\"x,y\", z]",
                "1..4;[1, 2, 3, 4]",
                "64..512 x2;[64, 128, 256, 512]",
                "4MiB..16MiB +4MiB;[4MiB, 8MiB, 12MiB, 16MiB]",
                "256KiB..1GiB x16;[256KiB, 4MiB, 64MiB, 1GiB]",
                "10%..30% +10%;[10%, 20%, 30%]",
                "1/M..100/M x10,5/k;[1/M, 10/M, 100/M, 5/k]"
            })
    void listsAndRangesExpand(String text, String values) throws Exception {
        assertEquals(values, Values.expand(text).toString());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "1..1000000",
                "4..1",
                "1..4 x1",
                "0..4 x2",
                "1..4 +0",
                "1KiB..4KiB",
                "1..4KiB",
                "1..8 x2KiB",
                "1,,2"
            })
    void endlessAndEmptyRangesAreRefused(String text) {
        assertThrows(BadValueException.class, () -> Values.expand(text));
    }
}
