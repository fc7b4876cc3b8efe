package org.mcrc.runtime.engine.cpu.support;

import java.util.ArrayList;
import java.util.List;

/**
 * Arrays that contractions, transforms and their tasks borrow and give back, so that nothing is allocated twice. They hold
 * anything.
 *
 * <p>Any thread may borrow. What is lent is at most {@link #SLACK} times as long as asked: a small contraction beside a large
 * one does not take its panels away.
 */
final class Buffers<A> {
    private static final int SLACK = 4;

    private final RegisterTile<A> tile;
    private final List<A> free = new ArrayList<>();

    Buffers(RegisterTile<A> tile) {
        this.tile = tile;
    }

    /**
     * An array of at least this length, to be given back.
     *
     * @throws ArithmeticException where no array can be as long
     */
    A borrow(long length) {
        A found = take(Math.toIntExact(length));
        return found != null ? found : tile.allocate(Math.toIntExact(length));
    }

    synchronized void giveBack(A array) {
        free.add(array);
    }

    /** The shortest that is long enough; null where there is none, and then one that is a little too short is given up. */
    private synchronized A take(int length) {
        int best = -1;
        int replaced = -1;
        for (int place = 0; place < free.size(); place++) {
            long own = tile.length(free.get(place));
            if (own >= length && own <= (long) SLACK * length && (best < 0 || own < tile.length(free.get(best)))) {
                best = place;
            }
            if (own < length && own * SLACK >= length
                    && (replaced < 0 || own > tile.length(free.get(replaced)))) {
                replaced = place;
            }
        }
        if (best < 0 && replaced >= 0) {
            free.remove(replaced);
        }
        return best < 0 ? null : free.remove(best);
    }
}
