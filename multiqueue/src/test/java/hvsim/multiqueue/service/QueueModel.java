package hvsim.multiqueue.service;

import hvsim.multiqueue.arrival.PoissonArrivals;

/**
 * A queue whose means are known in closed form (Kleinrock, Queueing Systems 1, chapters 3 and 5): Poisson arrivals, and
 * a mean service of {@link #SERVICE} cycles.
 *
 * @param load arrivals per service time and channel
 * @param waiting in service times, of those that are served
 */
record QueueModel(StationSpec station, double load, double waiting, double utilisation, double loss) {
    static final long SERVICE = 10_000;

    private static final int BATCHES = 40;
    private static final int NO_LIMIT = 1 << 16;

    static QueueModel mm1(double load) {
        return new QueueModel(station(1, NO_LIMIT), load, load / (1 - load), load, 0);
    }

    static QueueModel md1(double load) {
        StationSpec station = new StationSpec(1, NO_LIMIT, new ConstantTime(SERVICE));
        return new QueueModel(station, load, load / (2 * (1 - load)), load, 0);
    }

    /** Erlang's C formula. */
    static QueueModel mmc(int channels, double load) {
        double offered = channels * load;
        double term = 1;
        double sum = 0;
        for (int n = 0; n < channels; n++) {
            sum += term;
            term *= offered / (n + 1);
        }
        double queued = term / (1 - load);
        double probability = queued / (sum + queued);
        return new QueueModel(station(channels, NO_LIMIT), load, probability / (channels * (1 - load)), load, 0);
    }

    static QueueModel mm1k(double load, int depth) {
        double sum = 0;
        double inSystem = 0;
        for (int n = 0; n <= depth; n++) {
            sum += Math.pow(load, n);
            inSystem += n * Math.pow(load, n);
        }
        double loss = Math.pow(load, depth) / sum;
        double served = load * (1 - loss);
        return new QueueModel(station(1, depth), load, inSystem / sum / served - 1, served, loss);
    }

    private static StationSpec station(int channels, int depth) {
        return new StationSpec(channels, depth, new ExponentialTime(SERVICE));
    }

    record Measured(BatchMeans waiting, BatchMeans utilisation, BatchMeans loss) {}

    Measured run(long seed, int arrivalsPerBatch) {
        Run run = new Run(this, seed);
        run.batch(arrivalsPerBatch);
        Measured measured = new Measured(new BatchMeans(), new BatchMeans(), new BatchMeans());
        for (int i = 0; i < BATCHES; i++) {
            long start = run.cycle;
            StationStats counts = run.batch(arrivalsPerBatch);
            long served = counts.offered() - counts.lost();
            measured.waiting.add((double) counts.waitedCycles() / served / SERVICE);
            measured.utilisation.add((double) counts.busyCycles() / (run.cycle - start) / station.channels());
            measured.loss.add((double) counts.lost() / counts.offered());
        }
        return measured;
    }

    private static final class Run {
        private final ServiceStation back;
        private final PoissonArrivals arrivals;
        private long cycle;

        Run(QueueModel model, long seed) {
            back = new ServiceStation(model.station, new RandomStream(2 * seed), null);
            double gap = SERVICE / model.load / model.station.channels();
            arrivals = new PoissonArrivals(gap, new RandomStream(2 * seed + 1));
        }

        StationStats batch(int count) {
            StationStats before = back.stats();
            for (int i = 0; i < count; i++) {
                cycle = arrivals.nextCycle();
                while (back.nextDoneCycle() <= cycle) {
                    back.finishNext();
                }
                back.offer(cycle, 0);
                arrivals.arrived();
            }
            return back.stats().minus(before);
        }
    }
}
