package org.mcrc.compiler.index;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

class SpecialFunctionsTest {
    /** x, log |gamma|, polygamma of order 0 to 3: computed with mpmath 1.3 at 30 digits. */
    private static final double[][] REFERENCE = {
        {1e-08, 18.420680738180209, -100000000.57721565, 10000000000000001.0, -1.9999999999999999e+24,
            5.9999999999999995e+32},
        {0.1, 2.2527126517342059, -10.423754940411076, 101.43329915079275, -2001.8614573783437, 60004.512876790253},
        {0.7, 0.26086724653166657, -1.2200235536979347, 2.8340491566946109, -6.4349928741909237, 25.879149678427738},
        {1.0000001, -5.7721558299185071e-8, -0.5772155004081381, 1.6449338264368781, -2.4041131569253724,
            6.4939369136408258},
        {1.3, -0.10817480950786048, -0.16919088886679961, 1.1342534349966193, -1.1984625146519565, 2.4010239143089263},
        {1.4616, -0.12148629003589733, -3.110625123034165e-5, 0.96770071146508355, -0.88557619679990337,
            1.5511250508129752},
        {1.9999, -4.2275208772153458e-5, 0.42271983967113097, 0.64497448069870308, -0.40416320469109275,
            0.49402803928601242},
        {2.3, 0.15418945495963047, 0.60003988036396948, 0.54253745866525846, -0.2881302433729398, 0.30025713443427245},
        {3.7, 1.4280723266653881, 1.1671535393615114, 0.3100378576700383, -0.095395308728554033, 0.058279217956563614},
        {9.5, 11.689333420797268, 2.1977378764029495, 0.11099728846909903, -0.012307845807709338,
            0.0027267288350372495},
        {11.9, 17.258477450595522, 2.4339335368825375, 0.087663201190004184, -0.0076799391593283069,
            0.001344783923695912},
        {12.5, 18.734347511936446, 2.485195651274912, 0.08328522460157837, -0.0069324365857882408,
            0.0011534128049134051},
        {100.25, 360.28455963776423, 4.6026712432747126, 0.010024978698123366, -0.00010049935626057897,
            2.0149740631493751e-6},
        {1000000.0, 12815504.569147612, 13.815510057964191, 1.0000005000001667e-6, -1.0000010000005e-12,
            2.000003000002e-18},
        {-0.5, 1.2655121234846454, 0.036489973978576521, 8.9348022005446793, -0.82879664423432, 193.40909103400244},
        {-1.3, 1.2024757863901113, 2.8825405488661673, 14.53687624413708, 68.549413471162134, 768.72065719904269},
        {-20.7, -43.105133189536224, 0.77159318508250554, 15.032252630716735, -68.839767469590663, 769.02070466171476},
    };

    private static void near(double expected, double actual, double absolute, String what) {
        assertEquals(expected, actual, 1e-14 * Math.abs(expected) + absolute, what);
    }

    @Test
    void logGammaAgreesWithReferenceValues() {
        for (double[] row : REFERENCE) {
            near(row[1], SpecialFunctions.lgamma(row[0]), row[0] < 0 ? 1e-13 : 0, "lgamma " + row[0]);
        }
    }

    @Test
    void digammaAgreesWithReferenceValues() {
        for (double[] row : REFERENCE) {
            // Near the zero at 1.4616 the value is a difference of numbers near 1.
            near(row[2], SpecialFunctions.digamma(row[0]), row[0] < 0 ? 1e-13 : 2e-15, "digamma " + row[0]);
        }
    }

    @Test
    void polygammaAgreesWithReferenceValues() {
        for (double[] row : REFERENCE) {
            for (int order = 1; order <= 3; order++) {
                // The cotangent of a number of size 20 loses digits of its fraction.
                double tolerance = row[0] < 0 ? 1e-12 * Math.abs(row[2 + order]) : 0;
                near(row[2 + order], SpecialFunctions.polygamma(order, row[0]), tolerance,
                        "polygamma " + order + " " + row[0]);
            }
        }
    }

    @Test
    void logGammaIsInfiniteAtItsPoles() {
        assertEquals(Double.POSITIVE_INFINITY, SpecialFunctions.lgamma(0));
        assertEquals(Double.POSITIVE_INFINITY, SpecialFunctions.lgamma(-3));
        assertTrue(Double.isNaN(SpecialFunctions.digamma(-2)));
    }

    @Test
    void logGammaIsExactlyZeroAtOneAndTwo() {
        assertEquals(0.0, SpecialFunctions.lgamma(1));
        assertEquals(0.0, SpecialFunctions.lgamma(2));
    }

    @Test
    void polygammaOfHighOrderIsAFactorial() {
        // polygamma(n, 1) = (-1)^(n+1) n! zeta(n + 1) with zeta(11) = 1.000494188604119... (A&S table 23.3)
        assertEquals(-3628800 * 1.00049418860411946, SpecialFunctions.polygamma(10, 1), 1e-7);
        assertThrows(IllegalArgumentException.class, () -> SpecialFunctions.polygamma(-1, 1));
    }
}
