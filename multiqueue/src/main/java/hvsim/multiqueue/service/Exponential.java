package hvsim.multiqueue.service;

/**
 * Draws from the exponential distribution of mean 1 without a logarithm each time: the area below exp(-x) lies in strips of
 * equal area, and a point of one is nearly always below the curve (the ziggurat method: Marsaglia and Tsang, Journal of
 * Statistical Software 5(8), 2000).
 *
 * <pre>
 *   exp(-x)   strip i: from 0 to EDGE[i], left of EDGE[i + 1] all of it is below the curve
 *   1 |\
 *     |_\___           EDGE[255] is the narrowest
 *     |__|_\____       ...
 *     |_____|___\___   EDGE[1], TAIL; strip 0 is as large with all that is right of it
 * </pre>
 *
 * StrictMath, because Math.log and Math.exp may differ in the last bit between processors.
 */
final class Exponential {
    private static final int STRIPS = 256;
    private static final double TAIL = 7.697_117_470_131_05;
    private static final double AREA = 0.003_949_659_822_581_557;
    private static final double UNIT = 0x1.0p-53;

    private static final double[] EDGE = new double[STRIPS + 1];
    private static final double[] HEIGHT = new double[STRIPS + 1];

    static {
        EDGE[0] = AREA / StrictMath.exp(-TAIL);
        EDGE[1] = TAIL;
        for (int i = 2; i < STRIPS; i++) {
            EDGE[i] = -StrictMath.log(AREA / EDGE[i - 1] + StrictMath.exp(-EDGE[i - 1]));
        }
        for (int i = 0; i <= STRIPS; i++) {
            HEIGHT[i] = StrictMath.exp(-EDGE[i]);
        }
    }

    private Exponential() {}

    static double draw(RandomStream random) {
        long bits = random.nextLong();
        int strip = (int) bits & STRIPS - 1;
        double x = (bits >>> 11) * UNIT * EDGE[strip];
        return x < EDGE[strip + 1] ? x : decide(random, strip, x);
    }

    /** The point is right of what is surely below the curve: once in about 90 draws. */
    private static double decide(RandomStream random, int strip, double x) {
        double u = random.nextDouble();
        if (strip == 0) {
            return TAIL - StrictMath.log(1 - u);
        }
        double y = HEIGHT[strip] + u * (HEIGHT[strip + 1] - HEIGHT[strip]);
        return y < StrictMath.exp(-x) ? x : draw(random);
    }
}
