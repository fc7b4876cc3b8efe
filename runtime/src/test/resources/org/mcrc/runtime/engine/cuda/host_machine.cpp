// Runs the threads of a block on one processor, each as a fiber with a stack of its own: at a barrier a thread gives way to
// the next one that may go on. Whatever a kernel does wrong that a graphics processor would answer with wrong numbers, or
// with an error without place, ends the launch with a message here. Linked into each library of kernels.

#include <pthread.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>
#if !defined(__x86_64__)
#include <ucontext.h>
#endif

#define MCRC_HOST_MACHINE
#include "host_device.h"

uint3 threadIdx, blockIdx;
dim3 blockDim, gridDim;
unsigned char *mcrc_host::mcrc_host_dynamic_shared;

extern "C" {
    /** Bounds of the static shared memory, by the linker. */
    extern unsigned char __start_mcrc_shared[] __attribute__((visibility("hidden")));
    extern unsigned char __stop_mcrc_shared[] __attribute__((visibility("hidden")));
}

namespace {
    using mcrc_host::Kernel;
    using mcrc_host::mcrc_host_dynamic_shared;
    using mcrc_host::Slot;
    using mcrc_host::WARP;

    constexpr int THREADS = 1024;
    constexpr int WARPS = THREADS / WARP;
    constexpr int NONE = -1;
    constexpr size_t PAGE = 4096;
    constexpr size_t STACK = 64 * 1024;
    constexpr size_t SIGNAL_STACK = 128 * 1024;
    constexpr size_t DYNAMIC_SHARED = 256 * 1024;
    constexpr int COPIES = 256;
    constexpr int BLOCKS = 2;
    constexpr int BULK_COPIES = 64;
    constexpr int PRODUCTS = 64;
    constexpr int WARPGROUP = 4 * WARP;
    constexpr int SIGNALS[] = {SIGSEGV, SIGBUS, SIGFPE, SIGILL, SIGALRM};
    /** Not a number in every precision, and no index. */
    constexpr unsigned char POISON = 0xff;

    __attribute__((section("mcrc_shared"), used)) unsigned char atLeastOneVariable[16];

    // ---- switching ----

#if defined(__x86_64__)
    using Context = void *;

    extern "C" void mcrc_host_switch(Context *from, Context to) __attribute__((visibility("hidden")));

    // What a called function must leave as it is, is kept on the stack that is left. A jump instead of a return, since the
    // processor predicts a return to the last caller.
    asm(R"(
        .text
        .type mcrc_host_switch, @function
    mcrc_host_switch:
        pushq %rbp
        pushq %rbx
        pushq %r12
        pushq %r13
        pushq %r14
        pushq %r15
        movq %rsp, (%rdi)
        movq %rsi, %rsp
        popq %r15
        popq %r14
        popq %r13
        popq %r12
        popq %rbx
        popq %rbp
        popq %rcx
        jmpq *%rcx
        .size mcrc_host_switch, . - mcrc_host_switch
    )");

    void switchTo(Context &from, Context &to) {
        mcrc_host_switch(&from, to);
    }

    void prepare(Context &context, unsigned char *, unsigned char *top, void (*start)()) {
        void **stack = reinterpret_cast<void **>(reinterpret_cast<uintptr_t>(top) & ~uintptr_t{15});
        // As if called: the return address would be here.
        *--stack = nullptr;
        *--stack = reinterpret_cast<void *>(start);
        for (int kept = 0; kept < 6; kept++) {
            *--stack = nullptr;
        }
        context = stack;
    }
#else
    using Context = ucontext_t;

    void switchTo(Context &from, Context &to) {
        swapcontext(&from, &to);
    }

    void prepare(Context &context, unsigned char *bottom, unsigned char *top, void (*start)()) {
        getcontext(&context);
        context.uc_stack.ss_sp = bottom;
        context.uc_stack.ss_size = static_cast<size_t>(top - bottom);
        context.uc_link = nullptr;
        makecontext(&context, start, 0);
    }
#endif

    // ---- the state of a launch ----

    enum class State : unsigned char {
        UNSTARTED, READY, WAITS_FOR_BLOCK, WAITS_FOR_PAIR, WAITS_FOR_OPENING, WAITS_FOR_WARPGROUP, WAITS_FOR_WARP, ENDED
    };

    /** A barrier that opens again and again (PTX, "mbarrier"), in eight bytes of shared memory. */
    struct Opening {
        unsigned char arrivals;
        unsigned char missing;
        /** 0 until it has opened once, then 1, then 0, ... */
        unsigned short phase;
        int bytes;
    };

    /** A copy into the shared memory of one block or of both, under way until nobody can go on without it. */
    struct BulkCopy {
        size_t to;
        const void *from;
        unsigned bytes;
        size_t barrier;
        unsigned blocks;
    };

    /** A product of a warpgroup, the part of one thread. */
    struct Product {
        float *sums;
        unsigned long long rows;
        unsigned long long columns;
        int count;
        bool transposed;
        bool add;
        unsigned group;
    };

    struct Copy {
        void *to;
        const void *from;
        unsigned group;
    };

    struct Thread {
        Context context;
        int stack;
        State state;
        /** Where it waits. */
        const char *what;
        int line;
        /** Positions of the warp in the order of warps and of the thread among all. */
        int position;
        /** Exchanges of its warp in which it took part. */
        unsigned exchanges;
        unsigned groups;
        int copies;
        unsigned productGroups;
        int products;
        /** The groups of products that it waits for. */
        unsigned awaitedGroups;
        /** What it waits for, and while that has which phase. */
        const Opening *opening;
        unsigned parity;
    };

    /** What the lanes of a warp give at once. Two, since a lane may be at the next one before another has read the last. */
    struct Exchange {
        Slot slots[WARP];
        unsigned short matrices[4][8][8];
        float products[WARP][4];
    };

    struct Warp {
        int arrived;
        Exchange exchange[2];
    };

    struct Machine {
        Thread threads[THREADS];
        Warp warps[WARPS];
        /** By position: the threads that may go on, a bit each. */
        unsigned ready[WARPS];
        unsigned members[WARPS];
        int warpAt[WARPS];
        int laneAt[WARP];
        int freeStacks[THREADS];
        int freeStackCount;
        int count;
        int warpCount;
        int cursor;
        int current;
        int ended;
        int endedOf[BLOCKS];
        int arrived[BLOCKS];
        int arrivedOfPair;
        int blocks;
        int threadsOfBlock;
        unsigned firstBlock;
        unsigned char *shared[BLOCKS];
        bool mixesWarps;
        bool multipliesAtOnce;
        Context scheduler;
        const Kernel *kernel;
        void **arguments;
        size_t sharedBytes;
        /** Apart from the threads, whose state is dense for the sake of the cache. */
        Copy copies[THREADS][COPIES];
        Product products[THREADS][PRODUCTS];
        BulkCopy bulkCopies[BULK_COPIES];
        int bulkCopyCount;
        float ofHalf[1 << 16];
    };

    Machine *machine;
    unsigned char *stacks;
    unsigned char *sharedRegions[BLOCKS];
    unsigned char *signalStack;

    // ---- errors ----

    char *message;
    size_t messageBytes;
    sigjmp_buf outside;
    volatile bool running;
    pthread_t owner;
    int secondsOfLaunch;
    struct sigaction previous[NSIG];
    volatile int faultSignal;
    void *volatile faultAddress;
    const char *volatile faultKind;
    volatile bool faultHasAddress;

    __attribute__((format(printf, 1, 2))) void append(const char *format, ...) {
        const size_t length = strlen(message);
        va_list values;
        va_start(values, format);
        vsnprintf(message + length, messageBytes - length, format, values);
        va_end(values);
    }

    void appendPlace(bool thread) {
        append("kernel %s, block (%u, %u, %u)", machine->kernel->name, blockIdx.x, blockIdx.y, blockIdx.z);
        if (thread) {
            append(", thread %u", threadIdx.x);
        }
        append(": ");
    }

    [[noreturn]] void leave() {
        siglongjmp(outside, 1);
    }

    [[noreturn]] __attribute__((format(printf, 1, 2))) void fail(const char *format, ...) {
        appendPlace(true);
        const size_t length = strlen(message);
        va_list values;
        va_start(values, format);
        vsnprintf(message + length, messageBytes - length, format, values);
        va_end(values);
        leave();
    }

    /** All threads by what they do, in ranges. */
    [[noreturn]] void failDiverged(const char *what) {
        appendPlace(false);
        append("%s", what);
        for (int first = 0; first < machine->count;) {
            const Thread &thread = machine->threads[first];
            int last = first;
            while (last + 1 < machine->count && machine->threads[last + 1].state == thread.state
                    && machine->threads[last + 1].line == thread.line && machine->threads[last + 1].what == thread.what) {
                last++;
            }
            append(first == 0 ? ": " : "; ");
            append(first == last ? "thread %d " : "threads %d to %d ", first, last);
            if (thread.state == State::ENDED) {
                append("ended");
            } else if (thread.what == nullptr) {
                append("did not wait");
            } else {
                append("at %s in line %d", thread.what, thread.line);
            }
            first = last + 1;
        }
        leave();
    }

    /** A fault of another thread of the process, or of one outside of a kernel, is not ours. */
    void passOn(int signal, siginfo_t *info, void *context) {
        const struct sigaction &other = previous[signal];
        if (other.sa_flags & SA_SIGINFO) {
            other.sa_sigaction(signal, info, context);
        } else if (other.sa_handler == SIG_DFL) {
            sigaction(signal, &other, nullptr);
        } else if (other.sa_handler != SIG_IGN) {
            other.sa_handler(signal);
        }
    }

    void onSignal(int signal, siginfo_t *info, void *context) {
        if (!running || !pthread_equal(owner, pthread_self())) {
            passOn(signal, info, context);
            return;
        }
        faultSignal = signal;
        faultAddress = info->si_addr;
        faultHasAddress = info->si_code > 0 && info->si_code != SI_KERNEL;
        faultKind = "access";
#if defined(__x86_64__)
        faultKind = static_cast<ucontext_t *>(context)->uc_mcontext.gregs[REG_ERR] & 2 ? "write" : "read";
#endif
        siglongjmp(outside, 2);
    }

    void describeFault() {
        appendPlace(true);
        const uintptr_t address = reinterpret_cast<uintptr_t>(faultAddress);
        if (faultSignal == SIGFPE) {
            append("integer division by zero, or its quotient is too large");
        } else if (faultSignal == SIGILL) {
            append("undefined behaviour");
        } else if (faultSignal == SIGALRM) {
            append("the launch takes longer than %d s: does a block wait for another one?", secondsOfLaunch);
        } else if (!faultHasAddress) {
            append("access to a misaligned address, or to one that cannot be");
        } else {
            const uintptr_t inStacks = address - reinterpret_cast<uintptr_t>(stacks - PAGE);
            uintptr_t behindShared = PAGE;
            for (const unsigned char *region : sharedRegions) {
                const uintptr_t distance = address - reinterpret_cast<uintptr_t>(region + DYNAMIC_SHARED);
                behindShared = distance < behindShared ? distance : behindShared;
            }
            if (inStacks < THREADS * STACK + PAGE) {
                append("local variables take more than %zu KiB", (STACK - PAGE) / 1024);
            } else if (behindShared < PAGE) {
                append("%s behind the end of %zu bytes of dynamic shared memory", faultKind, machine->sharedBytes);
            } else {
                append("%s out of bounds, address 0x%zx", faultKind, static_cast<size_t>(address));
            }
        }
    }

    // ---- scheduling ----

    int threadAt(int warp, int lane) {
        return machine->warpAt[warp] * WARP + machine->laneAt[lane];
    }

    /** The next thread that may go on: of the warp that ran last while it has one. */
    int pick() {
        Machine &all = *machine;
        for (int step = 0; step < all.warpCount; step++) {
            unsigned &ready = all.ready[all.cursor];
            if (ready != 0) {
                const int lane = __builtin_ctz(ready);
                ready &= ready - 1;
                return threadAt(all.cursor, lane);
            }
            all.cursor = all.cursor + 1 == all.warpCount ? 0 : all.cursor + 1;
        }
        return NONE;
    }

    void startThread();

    /** Begins a little lower in each stack, or all would compete for the same lines of the cache. */
    unsigned char *topOf(int stack) {
        return stacks + (stack + 1) * STACK - stack % 32 * 192;
    }

    int blockOf(int thread) {
        return thread >= machine->threadsOfBlock ? 1 : 0;
    }

    void makeCurrent(int next) {
        machine->current = next;
        const int block = blockOf(next);
        threadIdx.x = static_cast<unsigned>(next - block * machine->threadsOfBlock);
        if (machine->blocks > 1) {
            blockIdx.x = machine->firstBlock + static_cast<unsigned>(block);
            mcrc_host_dynamic_shared = machine->shared[block];
        }
    }

    // ---- barriers that open, and the copies that they wait for ----

    Opening &opening(int block, size_t place) {
        return *reinterpret_cast<Opening *>(machine->shared[block] + place);
    }

    /** A thread may go on. */
    void wake(int thread) {
        Thread &all = machine->threads[thread];
        all.state = State::READY;
        const int lane = thread % WARP;
        for (int place = 0; place < WARP; place++) {
            if (machine->laneAt[place] == lane) {
                machine->ready[all.position] |= 1u << place;
            }
        }
    }

    void openIfComplete(Opening &barrier) {
        if (barrier.missing == 0 && barrier.bytes == 0) {
            barrier.phase ^= 1;
            barrier.missing = barrier.arrivals;
            for (int thread = 0; thread < machine->count; thread++) {
                const Thread &waiting = machine->threads[thread];
                if (waiting.state == State::WAITS_FOR_OPENING && waiting.opening == &barrier
                        && waiting.parity != barrier.phase) {
                    wake(thread);
                }
            }
        }
    }

    /** The copy that began first comes to an end; whether there was one. */
    bool endCopy() {
        Machine &all = *machine;
        if (all.bulkCopyCount == 0) {
            return false;
        }
        const BulkCopy copy = all.bulkCopies[0];
        memmove(all.bulkCopies, all.bulkCopies + 1, static_cast<size_t>(--all.bulkCopyCount) * sizeof(BulkCopy));
        for (int block = 0; block < all.blocks; block++) {
            if (copy.blocks >> block & 1) {
                memcpy(all.shared[block] + copy.to, copy.from, copy.bytes);
                Opening &barrier = opening(block, copy.barrier);
                barrier.bytes -= static_cast<int>(copy.bytes);
                openIfComplete(barrier);
            }
        }
        return true;
    }

    /** The next thread, after as many copies as it takes for one to be able to go on. */
    int pickOrCopy() {
        int next = pick();
        while (next == NONE && endCopy()) {
            next = pick();
        }
        return next;
    }

    /** Makes a thread that has not begun yet able to be switched to. */
    void giveStack(Thread &thread) {
        thread.stack = machine->freeStacks[--machine->freeStackCount];
        thread.state = State::READY;
        prepare(thread.context, stacks + thread.stack * STACK + PAGE, topOf(thread.stack), startThread);
    }

    [[noreturn]] void failStuck() {
        failDiverged("not all threads come to the same barrier");
    }

    /** The thread that runs waits: others go on until it may. */
    void giveWay() {
        Thread &self = machine->threads[machine->current];
        const int next = pickOrCopy();
        if (next == NONE) {
            failStuck();
        }
        if (next == machine->current) {
            return;
        }
        Thread &other = machine->threads[next];
        if (other.state == State::UNSTARTED) {
            giveStack(other);
        }
        makeCurrent(next);
        switchTo(self.context, other.context);
    }

    void startThread() {
        // On the stack of a thread that has ended the next one begins, so that threads that never wait need no switch.
        for (;;) {
            machine->kernel->run(machine->arguments);
            Thread &self = machine->threads[machine->current];
            if (self.copies > 0) {
                fail("ends while copies are under way: mcrc_copy_wait is missing");
            }
            if (self.products > 0) {
                fail("ends while products are under way: mcrc_products_wait is missing");
            }
            self.state = State::ENDED;
            machine->ended++;
            machine->endedOf[blockOf(machine->current)]++;
            if (machine->ended == machine->count) {
                if (machine->bulkCopyCount > 0) {
                    fail("ends while copies into shared memory are under way");
                }
                machine->freeStacks[machine->freeStackCount++] = self.stack;
                switchTo(self.context, machine->scheduler);
            }
            const int next = pickOrCopy();
            if (next == NONE) {
                failStuck();
            }
            Thread &other = machine->threads[next];
            makeCurrent(next);
            if (other.state == State::UNSTARTED) {
                other.stack = self.stack;
                other.state = State::READY;
            } else {
                machine->freeStacks[machine->freeStackCount++] = self.stack;
                switchTo(self.context, other.context);
            }
        }
    }

    void waitAt(State state, const char *what, int line) {
        Thread &self = machine->threads[machine->current];
        self.state = state;
        self.what = what;
        self.line = line;
    }

    /** Where all lanes have come; null while some have not. */
    Exchange *arrive(const char *what, int line, const void *given, unsigned bytes) {
        const int warp = machine->current / WARP;
        Warp &all = machine->warps[warp];
        Thread &self = machine->threads[machine->current];
        Exchange &exchange = all.exchange[self.exchanges++ & 1];
        memcpy(exchange.slots[machine->current % WARP].bytes, given, bytes);
        waitAt(State::WAITS_FOR_WARP, what, line);
        if ((warp + 1) * WARP > machine->count) {
            fail("%s in line %d: the block's last warp is not whole", what, line);
        }
        return ++all.arrived == WARP ? &exchange : nullptr;
    }

    Exchange &lastExchange() {
        const Thread &self = machine->threads[machine->current];
        return machine->warps[machine->current / WARP].exchange[(self.exchanges - 1) & 1];
    }

    /** The last lane lets all go on. */
    void release() {
        const int warp = machine->current / WARP;
        const Thread *lanes = machine->threads + warp * WARP;
        for (int lane = 1; lane < WARP; lane++) {
            if (lanes[lane].line != lanes[0].line || strcmp(lanes[lane].what, lanes[0].what) != 0) {
                failDiverged("lanes of a warp come to different calls for all lanes");
            }
        }
        for (int lane = 0; lane < WARP; lane++) {
            machine->threads[warp * WARP + lane].state = State::READY;
        }
        machine->warps[warp].arrived = 0;
        const int position = machine->threads[machine->current].position;
        machine->ready[position] = machine->members[position];
        machine->cursor = machine->mixesWarps ? (position + 1) % machine->warpCount : position;
    }

    bool inSharedMemory(const void *address, size_t bytes) {
        const unsigned char *first = static_cast<const unsigned char *>(address);
        const unsigned char *end = sharedRegions[blockOf(machine->current)] + DYNAMIC_SHARED;
        return (first >= mcrc_host_dynamic_shared && first + bytes <= end)
                || (first >= __start_mcrc_shared && first + bytes <= __stop_mcrc_shared);
    }

    bool aligned16(const void *address) {
        return reinterpret_cast<uintptr_t>(address) % 16 == 0;
    }

    // ---- blocks ----

    uint64_t mixed(uint64_t value) {
        value += 0x9e3779b97f4a7c15u;
        value = (value ^ value >> 30) * 0xbf58476d1ce4e5b9u;
        value = (value ^ value >> 27) * 0x94d049bb133111ebu;
        return value ^ value >> 31;
    }

    void permute(int *values, int count, int order, uint64_t seed) {
        for (int index = 0; index < count; index++) {
            values[index] = order == 1 ? count - 1 - index : index;
        }
        if (order > 1) {
            for (int index = count - 1; index > 0; index--) {
                const uint64_t step = static_cast<uint64_t>(index);
                const int other = static_cast<int>(mixed(seed + step) % (step + 1));
                const int kept = values[index];
                values[index] = values[other];
                values[other] = kept;
            }
        }
    }

    uint64_t divisor(uint64_t first, uint64_t second) {
        while (second != 0) {
            const uint64_t rest = first % second;
            first = second;
            second = rest;
        }
        return first;
    }

    bool poisoned(const unsigned char *from, const unsigned char *to) {
        unsigned char all = POISON;
        for (const unsigned char *byte = from; byte < to; byte++) {
            all &= *byte;
        }
        return all == POISON;
    }

    void runBlock(int order, uint64_t number) {
        Machine &all = *machine;
        memset(__start_mcrc_shared, POISON, static_cast<size_t>(__stop_mcrc_shared - __start_mcrc_shared));
        for (int block = 0; block < all.blocks; block++) {
            const unsigned char *sharedEnd = sharedRegions[block] + DYNAMIC_SHARED;
            memset(all.shared[block], POISON, static_cast<size_t>(sharedEnd - all.shared[block]));
        }
        if (number == 0 || order > 1) {
            permute(all.warpAt, all.warpCount, order, mixed(number * 2 + static_cast<uint64_t>(order)));
            permute(all.laneAt, WARP, order, mixed(number * 2 + 1 + static_cast<uint64_t>(order)));
        }
        for (int position = 0; position < all.warpCount; position++) {
            unsigned members = 0;
            for (int lane = 0; lane < WARP; lane++) {
                const int index = threadAt(position, lane);
                if (index < all.count) {
                    members |= 1u << lane;
                    Thread &thread = all.threads[index];
                    thread.state = State::UNSTARTED;
                    thread.what = nullptr;
                    thread.line = 0;
                    thread.position = position;
                    thread.exchanges = 0;
                    thread.groups = 0;
                    thread.copies = 0;
                    thread.productGroups = 0;
                    thread.products = 0;
                }
            }
            all.members[position] = members;
            all.ready[position] = members;
            all.warps[position].arrived = 0;
        }
        all.cursor = 0;
        all.ended = 0;
        all.endedOf[0] = 0;
        all.endedOf[1] = 0;
        all.arrived[0] = 0;
        all.arrived[1] = 0;
        all.arrivedOfPair = 0;
        all.bulkCopyCount = 0;
        const int first = pick();
        giveStack(all.threads[first]);
        makeCurrent(first);
        switchTo(all.scheduler, all.threads[first].context);
        for (int block = 0; block < all.blocks; block++) {
            if (!poisoned(all.shared[block] - PAGE, all.shared[block])) {
                appendPlace(false);
                append("write before the beginning of dynamic shared memory");
                leave();
            }
            if (!poisoned(all.shared[block] + all.sharedBytes, sharedRegions[block] + DYNAMIC_SHARED)) {
                appendPlace(false);
                append("write behind the end of %zu bytes of dynamic shared memory", all.sharedBytes);
                leave();
            }
        }
    }

    /** Blocks in an order that depends on the threads' order: backwards, or with a stride that meets each once. */
    void runBlocks(int order) {
        const unsigned width = gridDim.x / static_cast<unsigned>(machine->blocks);
        const uint64_t count = static_cast<uint64_t>(width) * gridDim.y * gridDim.z;
        uint64_t stride = 1;
        if (order > 1) {
            stride = mixed(static_cast<uint64_t>(order)) % count;
            while (divisor(count, stride) != 1) {
                stride++;
            }
        }
        for (uint64_t number = 0; number < count; number++) {
            const uint64_t block = order == 1 ? count - 1 - number
                    : static_cast<uint64_t>(static_cast<unsigned __int128>(number) * stride % count);
            blockIdx.x = static_cast<unsigned>(block % width) * static_cast<unsigned>(machine->blocks);
            blockIdx.y = static_cast<unsigned>(block / width % gridDim.y);
            blockIdx.z = static_cast<unsigned>(block / width / gridDim.y);
            machine->firstBlock = blockIdx.x;
            runBlock(order, number);
        }
    }

    /** Memory between two pages that cannot be accessed. */
    unsigned char *reserve(size_t bytes) {
        void *all = mmap(nullptr, bytes + 2 * PAGE, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
        if (all == MAP_FAILED) {
            return nullptr;
        }
        unsigned char *inner = static_cast<unsigned char *>(all) + PAGE;
        return mprotect(inner, bytes, PROT_READ | PROT_WRITE) == 0 ? inner : nullptr;
    }

    bool initialize() {
        if (machine != nullptr) {
            return true;
        }
        stacks = reserve(THREADS * STACK);
        for (unsigned char *&region : sharedRegions) {
            region = reserve(DYNAMIC_SHARED);
        }
        signalStack = reserve(SIGNAL_STACK);
        unsigned char *state = reserve(sizeof(Machine));
        if (stacks == nullptr || sharedRegions[0] == nullptr || sharedRegions[1] == nullptr || signalStack == nullptr || state == nullptr) {
            return false;
        }
        for (int stack = 0; stack < THREADS; stack++) {
            if (mprotect(stacks + stack * STACK, PAGE, PROT_NONE) != 0) {
                return false;
            }
        }
        for (unsigned char *region : sharedRegions) {
            memset(region, POISON, DYNAMIC_SHARED);
        }
        machine = reinterpret_cast<Machine *>(state);
        for (unsigned bits = 0; bits < 1 << 16; bits++) {
            machine->ofHalf[bits] = mcrc_from_half(static_cast<unsigned short>(bits));
        }
        return true;
    }

    /** When the library is unloaded. */
    __attribute__((destructor)) void freeAll() {
        if (machine != nullptr) {
            munmap(stacks - PAGE, THREADS * STACK + 2 * PAGE);
            for (unsigned char *region : sharedRegions) {
                munmap(region - PAGE, DYNAMIC_SHARED + 2 * PAGE);
            }
            munmap(signalStack - PAGE, SIGNAL_STACK + 2 * PAGE);
            munmap(reinterpret_cast<unsigned char *>(machine) - PAGE, sizeof(Machine) + 2 * PAGE);
        }
    }

    const Kernel *find(const char *name) {
        for (int index = 0; index < mcrc_host::mcrc_host_kernel_count; index++) {
            if (strcmp(mcrc_host::mcrc_host_kernels[index].name, name) == 0) {
                return &mcrc_host::mcrc_host_kernels[index];
            }
        }
        return nullptr;
    }

    /** While it lives, faults of this thread end the launch. */
    struct Faults {
        stack_t before;
        timer_t timer;

        explicit Faults(int seconds) {
            stack_t stack = {};
            stack.ss_sp = signalStack;
            stack.ss_size = SIGNAL_STACK;
            sigaltstack(&stack, &before);
            owner = pthread_self();
            secondsOfLaunch = seconds;
            for (const int signal : SIGNALS) {
                // Read first: another thread's fault may come as soon as the handler is ours.
                sigaction(signal, nullptr, &previous[signal]);
                struct sigaction ours = {};
                ours.sa_sigaction = onSignal;
                ours.sa_flags = SA_SIGINFO | SA_ONSTACK | SA_RESTART;
                ours.sa_mask = previous[signal].sa_mask;
                sigaction(signal, &ours, nullptr);
            }
            sigevent event = {};
            event.sigev_notify = SIGEV_THREAD_ID;
            event.sigev_signo = SIGALRM;
            event._sigev_un._tid = static_cast<pid_t>(syscall(SYS_gettid));
            timer_create(CLOCK_MONOTONIC, &event, &timer);
            itimerspec limit = {};
            limit.it_value.tv_sec = seconds;
            timer_settime(timer, 0, &limit, nullptr);
            running = true;
        }

        ~Faults() {
            running = false;
            timer_delete(timer);
            for (const int signal : SIGNALS) {
                sigaction(signal, &previous[signal], nullptr);
            }
            sigaltstack(&before, nullptr);
        }
    };
}

// ---- what kernels call ----

namespace mcrc_host {
    /** All threads of some of the blocks go on. */
    static void passBarrier(int line, int firstBlock, int endBlock) {
        Machine &all = *machine;
        for (int index = firstBlock * all.threadsOfBlock; index < endBlock * all.threadsOfBlock; index++) {
            if (all.threads[index].line != line) {
                failDiverged("threads come to different barriers");
            }
            all.threads[index].state = State::READY;
        }
        all.cursor = 0;
        for (int position = 0; position < all.warpCount; position++) {
            const int block = blockOf(all.warpAt[position] * WARP);
            if (block >= firstBlock && block < endBlock) {
                all.ready[position] = all.members[position];
            }
        }
    }

    void barrier(int line) {
        waitAt(State::WAITS_FOR_BLOCK, "__syncthreads", line);
        Machine &all = *machine;
        const int block = blockOf(all.current);
        if (++all.arrived[block] == all.threadsOfBlock) {
            all.arrived[block] = 0;
            passBarrier(line, block, block + 1);
        }
        giveWay();
    }

    void pairBarrier(int line) {
        waitAt(State::WAITS_FOR_PAIR, "mcrc_pair_barrier", line);
        Machine &all = *machine;
        if (++all.arrivedOfPair == all.count) {
            all.arrivedOfPair = 0;
            passBarrier(line, 0, all.blocks);
        }
        giveWay();
    }

    unsigned blockOfPair() {
        return static_cast<unsigned>(blockOf(machine->current));
    }

    /** The place of something in dynamic shared memory of the block. */
    static size_t placeInShared(const char *what, const void *address, size_t bytes, size_t alignment, int line) {
        if (!inSharedMemory(address, bytes)) {
            fail("%s in line %d: no address of shared memory", what, line);
        }
        const size_t place = static_cast<size_t>(static_cast<const unsigned char *>(address) - mcrc_host_dynamic_shared);
        if (place % alignment != 0) {
            fail("%s in line %d: misaligned address", what, line);
        }
        return place;
    }

    void openingInit(unsigned long long *barrier, unsigned arrivals, int line) {
        placeInShared("mcrc_barrier_init", barrier, sizeof(Opening), sizeof(Opening), line);
        const unsigned char count = static_cast<unsigned char>(arrivals);
        *reinterpret_cast<Opening *>(barrier) = {count, count, 0, 0};
    }

    static void arriveAt(Opening &barrier, const char *what, int line) {
        if (barrier.missing == 0 || barrier.phase > 1) {
            fail("%s in line %d: %s", what, line, barrier.phase > 1 ? "the barrier has not been prepared"
                    : "more arrivals than the barrier waits for");
        }
        barrier.missing--;
        openIfComplete(barrier);
    }

    void openingExpect(unsigned long long *barrier, unsigned bytes, int line) {
        Opening &expecting = *reinterpret_cast<Opening *>(barrier);
        expecting.bytes += static_cast<int>(bytes);
        arriveAt(expecting, "mcrc_barrier_expect", line);
    }

    /** A block has its shared memory until all of its threads have ended. */
    static void requireBlock(const char *what, int block, int line) {
        if (machine->endedOf[block] == machine->threadsOfBlock) {
            fail("%s in line %d: block %d of the pair has ended, and its shared memory is gone", what, line, block);
        }
    }

    void openingArrive(unsigned long long *barrier, unsigned block, int line) {
        const size_t place = placeInShared("mcrc_barrier_arrive", barrier, sizeof(Opening), sizeof(Opening), line);
        if (block >= static_cast<unsigned>(machine->blocks)) {
            fail("mcrc_barrier_arrive in line %d: the pair has no block %u", line, block);
        }
        requireBlock("mcrc_barrier_arrive", static_cast<int>(block), line);
        arriveAt(opening(static_cast<int>(block), place), "mcrc_barrier_arrive", line);
    }

    void openingWait(unsigned long long *barrier, unsigned parity, int line) {
        const Opening &awaited = *reinterpret_cast<Opening *>(barrier);
        if (awaited.phase == parity) {
            waitAt(State::WAITS_FOR_OPENING, "mcrc_barrier_wait", line);
            Thread &self = machine->threads[machine->current];
            self.opening = &awaited;
            self.parity = parity;
            giveWay();
        }
    }

    void copyBulk(const char *what, void *shared, const void *global, unsigned bytes, unsigned long long *barrier,
                  unsigned blocks, int line) {
        const size_t to = placeInShared(what, shared, bytes, 16, line);
        const size_t counted = placeInShared(what, barrier, sizeof(Opening), sizeof(Opening), line);
        if (!aligned16(global) || bytes % 16 != 0) {
            fail("%s in line %d: misaligned address or size", what, line);
        }
        Machine &all = *machine;
        if (all.bulkCopyCount == BULK_COPIES) {
            fail("%s in line %d: more than %d copies under way", what, line, BULK_COPIES);
        }
        for (int block = 0; block < all.blocks; block++) {
            if (blocks >> block & 1) {
                requireBlock(what, block, line);
                memset(all.shared[block] + to, POISON, bytes);
            }
        }
        all.bulkCopies[all.bulkCopyCount++] = {to, global, bytes, counted, blocks};
    }

    unsigned long long operand(const void *shared, unsigned leading, unsigned stride, unsigned swizzle) {
        const size_t place = static_cast<size_t>(static_cast<const unsigned char *>(shared) - mcrc_host_dynamic_shared);
        return (place & 0x3ffff) >> 4 | static_cast<unsigned long long>(leading >> 4) << 16
                | static_cast<unsigned long long>(stride >> 4) << 32 | static_cast<unsigned long long>(swizzle) << 62;
    }

    /** An element of an operand: its groups of 16 bytes are exchanged within rows of 128 bytes. */
    static float element(unsigned long long operand, size_t offset) {
        size_t address = (operand & 0x3fff) * 16 + offset;
        address ^= (address >> 7 & 7) << 4;
        unsigned short bits;
        memcpy(&bits, mcrc_host_dynamic_shared + address, sizeof bits);
        return machine->ofHalf[bits];
    }

    static void compute(const Product &product, int thread) {
        const size_t rowStride = (product.rows >> 32 & 0x3fff) * 16;
        const size_t leading = (product.columns >> 16 & 0x3fff) * 16;
        const size_t stride = (product.columns >> 32 & 0x3fff) * 16;
        const int lane = thread % WARP;
        const int warp = thread / WARP % 4;
        float rows[2][16];
        for (int half = 0; half < 2; half++) {
            const size_t row = static_cast<size_t>(warp * 16 + half * 8 + lane / 4);
            for (size_t k = 0; k < 16; k++) {
                rows[half][k] = element(product.rows, row % 8 * 128 + row / 8 * rowStride + k * 2);
            }
        }
        for (int j = 0; j < product.count / 8; j++) {
            for (int v = 0; v < 2; v++) {
                const size_t column = static_cast<size_t>(j * 8 + lane % 4 * 2 + v);
                float results[2] = {};
                for (size_t k = 0; k < 16; k++) {
                    const float value = element(product.columns, product.transposed
                            ? column / 64 * leading + column % 64 * 2 + k / 8 * stride + k % 8 * 128
                            : column % 8 * 128 + column / 8 * stride + k * 2);
                    results[0] += rows[0][k] * value;
                    results[1] += rows[1][k] * value;
                }
                for (int half = 0; half < 2; half++) {
                    float &sum = product.sums[j * 4 + half * 2 + v];
                    sum = mcrc_host_cut((product.add ? static_cast<double>(sum) : 0.0) + results[half]);
                }
            }
        }
    }

    void warpgroupMultiply(int line, float *sums, int columns, unsigned long long rowOperand,
                           unsigned long long columnOperand, bool transposed, bool add) {
        Thread &self = machine->threads[machine->current];
        if (self.products == PRODUCTS) {
            fail("mcrc_warpgroup_multiply in line %d: more than %d products under way", line, PRODUCTS);
        }
        if (rowOperand >> 62 != 1 || columnOperand >> 62 != 1) {
            fail("mcrc_warpgroup_multiply in line %d: only rows of 128 bytes are known here", line);
        }
        const Product product = {sums, rowOperand, columnOperand, columns, transposed, add, self.productGroups};
        if (machine->multipliesAtOnce) {
            compute(product, machine->current);
        } else {
            machine->products[machine->current][self.products++] = product;
        }
    }

    /** How many groups of products all threads of the warpgroup have begun. */
    static unsigned begunGroups(int firstThread) {
        unsigned least = ~0u;
        for (int thread = firstThread; thread < firstThread + WARPGROUP; thread++) {
            const unsigned groups = machine->threads[thread].productGroups;
            least = groups < least ? groups : least;
        }
        return least;
    }

    void productsCommit() {
        const int firstThread = machine->current / WARPGROUP * WARPGROUP;
        if (firstThread + WARPGROUP > machine->count) {
            fail("mcrc_products_commit: the block's last warpgroup is not whole");
        }
        machine->threads[machine->current].productGroups++;
        const unsigned begun = begunGroups(firstThread);
        for (int thread = firstThread; thread < firstThread + WARPGROUP; thread++) {
            const Thread &other = machine->threads[thread];
            if (other.state == State::WAITS_FOR_WARPGROUP && other.awaitedGroups <= begun) {
                wake(thread);
            }
        }
    }

    /** A product is one of all four warps: whoever has waited for it knows that none of them reads its operands any more. */
    void productsWait(int groups) {
        Thread &self = machine->threads[machine->current];
        const int firstThread = machine->current / WARPGROUP * WARPGROUP;
        self.awaitedGroups = self.productGroups < static_cast<unsigned>(groups) ? 0
                : self.productGroups - static_cast<unsigned>(groups);
        if (begunGroups(firstThread) < self.awaitedGroups) {
            waitAt(State::WAITS_FOR_WARPGROUP, "mcrc_products_wait", 0);
            giveWay();
        }
        for (int thread = firstThread; thread < firstThread + WARPGROUP; thread++) {
            Product *products = machine->products[thread];
            int &count = machine->threads[thread].products;
            int done = 0;
            while (done < count && products[done].group < self.awaitedGroups) {
                compute(products[done++], thread);
            }
            count -= done;
            memmove(products, products + done, static_cast<size_t>(count) * sizeof(Product));
        }
    }

    const Slot *exchange(const char *what, int line, unsigned mask, const void *given, unsigned bytes) {
        if (mask != 0xffffffffu) {
            fail("%s in line %d: for lanes 0x%08x instead of all", what, line, mask);
        }
        if (arrive(what, line, given, bytes) != nullptr) {
            release();
        }
        giveWay();
        return lastExchange().slots;
    }

    const unsigned short *loadMatrices(const char *what, int line, const void *row) {
        if (!aligned16(row) || !inSharedMemory(row, 16)) {
            fail("%s in line %d: %s", what, line, aligned16(row) ? "no address of shared memory" : "misaligned address");
        }
        Exchange *all = arrive(what, line, &row, sizeof row);
        if (all != nullptr) {
            for (int lane = 0; lane < WARP; lane++) {
                void *address;
                memcpy(&address, all->slots[lane].bytes, sizeof address);
                memcpy(all->matrices[lane / 8][lane % 8], address, 16);
            }
            release();
        }
        giveWay();
        return lastExchange().matrices[0][0];
    }

    /**
     * Lane l gives, of row l / 4 and of row l / 4 + 8, the elements 2 (l % 4) and the next, then those 8 further on; in the
     * same way of column l / 4. It gets the sums of row l / 4 and of row l / 4 + 8 in columns 2 (l % 4) and the next.
     */
    const float *multiply(int line, const unsigned (&rows)[4], unsigned columns0, unsigned columns1) {
        const unsigned given[] = {rows[0], rows[1], rows[2], rows[3], columns0, columns1};
        Exchange *all = arrive("mcrc_multiply", line, given, sizeof given);
        if (all != nullptr) {
            unsigned short halves[24][16];
            for (int lane = 0; lane < WARP; lane++) {
                const int row = lane / 4;
                const int element = lane % 4 * 2;
                const unsigned char *bytes = all->slots[lane].bytes;
                memcpy(&halves[row][element], bytes, 4);
                memcpy(&halves[row + 8][element], bytes + 4, 4);
                memcpy(&halves[row][element + 8], bytes + 8, 4);
                memcpy(&halves[row + 8][element + 8], bytes + 12, 4);
                memcpy(&halves[16 + row][element], bytes + 16, 4);
                memcpy(&halves[16 + row][element + 8], bytes + 20, 4);
            }
            float numbers[24][16];
            for (int row = 0; row < 24; row++) {
                for (int element = 0; element < 16; element++) {
                    numbers[row][element] = mcrc_from_half(halves[row][element]);
                }
            }
            float columns[16][8];
            for (int element = 0; element < 16; element++) {
                for (int column = 0; column < 8; column++) {
                    columns[element][column] = numbers[16 + column][element];
                }
            }
            for (int row = 0; row < 16; row++) {
                float sums[8] = {};
                for (int element = 0; element < 16; element++) {
                    for (int column = 0; column < 8; column++) {
                        sums[column] += numbers[row][element] * columns[element][column];
                    }
                }
                for (int column = 0; column < 8; column++) {
                    all->products[row % 8 * 4 + column / 2][row / 8 * 2 + column % 2] = sums[column];
                }
            }
            release();
        }
        giveWay();
        return lastExchange().products[machine->current % WARP];
    }

    /** What is copied arrives when it is waited for, not earlier: until then there is poison. */
    void copy(void *shared, const void *global, int line) {
        Thread &self = machine->threads[machine->current];
        if (!aligned16(shared) || !aligned16(global)) {
            fail("mcrc_copy_16 in line %d: misaligned address", line);
        }
        if (!inSharedMemory(shared, 16) || inSharedMemory(global, 16)) {
            fail("mcrc_copy_16 in line %d: not from global to shared memory", line);
        }
        if (self.copies == COPIES) {
            fail("mcrc_copy_16 in line %d: more than %d copies under way", line, COPIES);
        }
        unsigned char first[16];
        memcpy(first, global, 16);
        asm volatile("" ::"r"(first) : "memory");
        memset(shared, POISON, 16);
        machine->copies[machine->current][self.copies++] = {shared, global, self.groups};
    }

    void copyCommit() {
        machine->threads[machine->current].groups++;
    }

    void copyWait(int groups) {
        Thread &self = machine->threads[machine->current];
        Copy *copies = machine->copies[machine->current];
        int done = 0;
        while (done < self.copies && copies[done].group + static_cast<unsigned>(groups) < self.groups) {
            memcpy(copies[done].to, copies[done].from, 16);
            done++;
        }
        self.copies -= done;
        memmove(copies, copies + done, static_cast<size_t>(self.copies) * sizeof(Copy));
    }

    void trap(int line) {
        fail("__trap in line %d", line);
    }
}

// ---- what the compiler calls for -fsanitize ----

namespace {
    struct Place {
        const char *file;
        unsigned line;
        unsigned column;
    };

    struct TypeName {
        unsigned short kind;
        unsigned short info;
        char name[1];
    };

    struct Mismatch {
        Place place;
        const TypeName *type;
        unsigned char alignment;
        unsigned char access;
    };

    struct TypedPlace {
        Place place;
        const TypeName *type;
    };
}

#define MCRC_HOST_CHECK __attribute__((visibility("hidden"))) void

extern "C" {
    MCRC_HOST_CHECK __ubsan_handle_type_mismatch_v1_abort(const Mismatch *what, uintptr_t address) {
        fail("line %u: %s at address 0x%zx, which is no multiple of %d", what->place.line, what->type->name,
             static_cast<size_t>(address), 1 << what->alignment);
    }

    MCRC_HOST_CHECK __ubsan_handle_out_of_bounds_abort(const TypedPlace *what, uintptr_t index) {
        fail("line %u: index %d is out of the bounds of %s", what->place.line, static_cast<int>(index), what->type->name);
    }

    MCRC_HOST_CHECK __ubsan_handle_add_overflow_abort(const TypedPlace *what, uintptr_t, uintptr_t) {
        fail("line %u: overflow of a sum of type %s", what->place.line, what->type->name);
    }

    MCRC_HOST_CHECK __ubsan_handle_sub_overflow_abort(const TypedPlace *what, uintptr_t, uintptr_t) {
        fail("line %u: overflow of a difference of type %s", what->place.line, what->type->name);
    }

    MCRC_HOST_CHECK __ubsan_handle_mul_overflow_abort(const TypedPlace *what, uintptr_t, uintptr_t) {
        fail("line %u: overflow of a product of type %s", what->place.line, what->type->name);
    }

    MCRC_HOST_CHECK __ubsan_handle_negate_overflow_abort(const TypedPlace *what, uintptr_t) {
        fail("line %u: overflow of a negation of type %s", what->place.line, what->type->name);
    }

    MCRC_HOST_CHECK __ubsan_handle_divrem_overflow_abort(const TypedPlace *what, uintptr_t, uintptr_t) {
        fail("line %u: division by zero, or overflow, of type %s", what->place.line, what->type->name);
    }

    MCRC_HOST_CHECK __ubsan_handle_shift_out_of_bounds_abort(const TypedPlace *what, uintptr_t, uintptr_t) {
        fail("line %u: shift by too many bits, or of a negative number", what->place.line);
    }

    // ---- what HostDevice calls ----

    /** The letters of a kernel's parameters, see Kernel; null where there is no such kernel. */
    __attribute__((visibility("default"))) const char *mcrc_host_parameters(const char *name) {
        const Kernel *kernel = find(name);
        return kernel == nullptr ? nullptr : kernel->parameters;
    }

    /**
     * Runs a kernel's blocks; the result says whether that succeeded, or there is a message and the address of an access out
     * of bounds, or 0. By one thread at a time.
     *
     * @param order 0 ascending, 1 descending, further ones: shuffled
     */
    __attribute__((visibility("default"))) int mcrc_host_launch(
            const char *name, int gridX, int gridY, int gridZ, int blockX, int sharedBytes, void **arguments, int order,
            int seconds, char *messageTo, int messageLength, uintptr_t *address) {
        message = messageTo;
        messageBytes = static_cast<size_t>(messageLength);
        message[0] = 0;
        *address = 0;
        if (!initialize()) {
            append("no memory for the threads' stacks");
            return 0;
        }
        Machine &all = *machine;
        all.kernel = find(name);
        all.arguments = arguments;
        all.blocks = all.kernel == nullptr ? 1 : all.kernel->blocks;
        all.threadsOfBlock = blockX;
        all.count = blockX * all.blocks;
        if (gridX % all.blocks != 0 || (all.blocks > 1 && blockX % WARP != 0) || all.count > THREADS) {
            append("kernel %s runs in pairs of blocks, not in a grid of %d of %d threads", name, gridX, blockX);
            return 0;
        }
        all.warpCount = (all.count + WARP - 1) / WARP;
        all.mixesWarps = order > 1;
        // Later products see what is overwritten too early, early ones what comes too late.
        all.multipliesAtOnce = order == 1;
        all.sharedBytes = static_cast<size_t>(sharedBytes);
        // Where a launch failed, threads kept theirs.
        all.freeStackCount = THREADS;
        for (int stack = 0; stack < THREADS; stack++) {
            all.freeStacks[stack] = THREADS - 1 - stack;
        }
        gridDim = {static_cast<unsigned>(gridX), static_cast<unsigned>(gridY), static_cast<unsigned>(gridZ)};
        blockDim = {static_cast<unsigned>(blockX), 1, 1};
        for (int block = 0; block < all.blocks; block++) {
            all.shared[block] = sharedRegions[block] + DYNAMIC_SHARED - (all.sharedBytes + 15) / 16 * 16;
            memset(all.shared[block] - PAGE, POISON, PAGE);
        }
        mcrc_host_dynamic_shared = all.shared[0];
        const Faults faults(seconds);
        switch (sigsetjmp(outside, 1)) {
            case 0:
                runBlocks(order);
                return 1;
            case 1:
                return 0;
            default:
                describeFault();
                *address = faultHasAddress && faultSignal == SIGSEGV ? reinterpret_cast<uintptr_t>(faultAddress) : 0;
                return 0;
        }
    }
}
