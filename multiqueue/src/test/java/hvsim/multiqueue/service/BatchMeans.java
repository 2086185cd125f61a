package hvsim.multiqueue.service;

import org.apache.commons.math3.distribution.TDistribution;
import org.apache.commons.math3.stat.descriptive.SummaryStatistics;

/**
 * The mean of a steady state from one run, with its confidence interval: batches long enough to be nearly independent
 * are taken for independent samples (Law, Simulation Modeling and Analysis, 9.5.3).
 */
public final class BatchMeans {
    private static final double CONFIDENCE = 0.99;

    private final SummaryStatistics batches = new SummaryStatistics();

    public void add(double batchMean) {
        batches.addValue(batchMean);
    }

    public double mean() {
        return batches.getMean();
    }

    public double halfWidth() {
        double quantile =
                new TDistribution((double) batches.getN() - 1).inverseCumulativeProbability((1 + CONFIDENCE) / 2);
        return quantile * batches.getStandardDeviation() / Math.sqrt((double) batches.getN());
    }

    public boolean covers(double value) {
        return Math.abs(value - mean()) <= halfWidth();
    }

    /** Half-width as a share of the mean. */
    public double relativeError() {
        return halfWidth() / mean();
    }

    @Override
    public String toString() {
        return mean() + " +- " + halfWidth();
    }
}
