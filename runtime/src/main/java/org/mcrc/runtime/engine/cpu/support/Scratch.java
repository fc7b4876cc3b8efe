package org.mcrc.runtime.engine.cpu.support;

import java.util.concurrent.ConcurrentLinkedQueue;

/** Arrays that tasks borrow and give back, so that nothing is allocated twice. They hold anything. */
final class Scratch<A> {
    private final RegisterTile<A> tile;
    private final ConcurrentLinkedQueue<A> free = new ConcurrentLinkedQueue<>();

    Scratch(RegisterTile<A> tile) {
        this.tile = tile;
    }

    /** An array of at least this length, to be given back. */
    A borrow(int length) {
        A array = free.poll();
        return array != null && tile.length(array) >= length ? array : tile.allocate(length);
    }

    void giveBack(A array) {
        free.add(array);
    }
}
