package org.mcrc.runtime.reconstruct;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assertions.fail;

import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.mcrc.runtime.reconstruct.Course.Step;

class CourseTest {
    private static final AutomaticSettings SETTINGS = AutomaticSettings.of(true, 64 * 64);

    private static final double TOLERANCE = 1e-4;

    private static Course rounding() {
        return new Course(SETTINGS, true, true, -1);
    }

    private static Block block(double loss, double roundedError) {
        return new Block(loss, loss, roundedError, true, Optional.empty());
    }

    private static final Block NOT_FINITE =
            new Block(Double.POSITIVE_INFINITY, Double.NaN, Double.POSITIVE_INFINITY, false, Optional.empty());

    @Test
    void goesOnWhileBlocksAdvanceAndDoesNotAskWhetherTheFieldIsAtRest() {
        Course course = rounding();
        for (double error = 1; error > 0.01; error *= 0.8) {
            assertEquals(Step.GO_ON, course.after(block(error, error), () -> fail("asked")));
        }
        assertTrue(course.sketching());
    }

    @Test
    void looksNearbyOnceTheErrorIsBelowTheBoundOfNearlyExact() {
        Course course = rounding();
        assertEquals(Step.GO_ON, course.after(block(0.1, 1.01 * SETTINGS.nearlyExact()), () -> false));
        assertEquals(Step.LOOK_NEARBY, course.after(block(0.05, 0.89 * SETTINGS.nearlyExact()), () -> false));
    }

    @Test
    void softensWhatIsAtRestSoOftenAndThenBeginsAnew() {
        Course course = rounding();
        assertEquals(Step.GO_ON, course.after(block(0.1, 0.2), () -> true));
        for (int number = 1; number <= SETTINGS.softenings(); number++) {
            assertEquals(Step.SOFTEN, course.after(block(0.1, 0.2), () -> true));
            assertEquals(number, course.softened());
        }
        assertEquals(Step.BEGIN_ANEW, course.after(block(0.1, 0.2), () -> true));
        assertEquals(1, course.restarted());
        assertEquals(Step.GO_ON, course.after(block(0.5, 0.9), () -> true), "what was seen before the start does not count");
    }

    @Test
    void anAdvanceOfTheRoundedFieldLetsItBeSoftenedFromTheFirstTimeOn() {
        Course course = rounding();
        course.after(block(0.1, 0.2), () -> true);
        course.after(block(0.1, 0.2), () -> true);
        assertEquals(1, course.softened());
        course.after(block(0.1, 0.2), () -> true);
        assertEquals(2, course.softened());
        assertEquals(Step.GO_ON, course.after(block(0.1, 0.1), () -> true));
        course.after(block(0.1, 0.1), () -> true);
        assertEquals(1, course.softened());
    }

    @Test
    void aFieldThatStaysGreyIsSoftenedOnceAfterBlocksWithoutAdvance() {
        Course course = rounding();
        course.after(block(0.1, 0.2), () -> false);
        for (int times = 1; times < SETTINGS.patience(); times++) {
            assertEquals(Step.GO_ON, course.after(block(0.095, 0.19), () -> false), "an advance of 5 % is none");
        }
        assertEquals(Step.SOFTEN, course.after(block(0.095, 0.19), () -> false));
        course.softened();
        // Whatever its loss is, the first block after that is no standstill.
        for (int times = 0; times < SETTINGS.patience(); times++) {
            assertEquals(Step.GO_ON, course.after(block(0.3, 0.19), () -> false));
        }
        assertEquals(Step.BEGIN_ANEW, course.after(block(0.3, 0.19), () -> false));
    }

    @Test
    void aStartOfALargerRunEndsWhereThatWouldBeginAnew() {
        Course course = new Course(SETTINGS.once(), false, true, TOLERANCE);
        course.after(block(0.1, Double.POSITIVE_INFINITY), () -> fail("nothing is rounded"));
        for (int times = 1; times < SETTINGS.patience(); times++) {
            assertEquals(Step.GO_ON, course.after(block(0.1, Double.POSITIVE_INFINITY), () -> fail("nothing is rounded")));
        }
        assertEquals(Step.END_AT_PLATEAU,
                course.after(block(0.1, Double.POSITIVE_INFINITY), () -> fail("nothing is rounded")));
    }

    @Test
    void realNumbersAreComparedByTheDescriptorItselfWhereTheSketchComesNearTheTolerance() {
        Course course = new Course(SETTINGS, false, true, TOLERANCE);
        assertEquals(Step.GO_ON, course.after(block(1.6 * TOLERANCE, Double.POSITIVE_INFINITY), () -> false));
        assertTrue(course.sketching());
        assertEquals(Step.COMPARE_ITSELF, course.after(block(1.4 * TOLERANCE, Double.POSITIVE_INFINITY), () -> false));
        assertFalse(course.sketching());
        course.restarted();
        assertTrue(course.sketching());
    }

    @Test
    void threeStartsInARowWithoutFiniteValuesAreEnough() {
        Course course = rounding();
        assertEquals(Step.BEGIN_ANEW, course.after(NOT_FINITE, () -> false));
        course.restarted();
        assertEquals(Step.BEGIN_ANEW, course.after(NOT_FINITE, () -> false));
        course.restarted();
        assertEquals(Step.GO_ON, course.after(block(0.5, 0.5), () -> false), "this one was finite");
        assertEquals(Step.BEGIN_ANEW, course.after(NOT_FINITE, () -> false));
        course.restarted();
        assertEquals(Step.BEGIN_ANEW, course.after(NOT_FINITE, () -> false));
        course.restarted();
        assertEquals(Step.END_NOT_FINITE, course.after(NOT_FINITE, () -> false));
    }
}
