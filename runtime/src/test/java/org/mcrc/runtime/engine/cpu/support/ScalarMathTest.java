package org.mcrc.runtime.engine.cpu.support;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

class ScalarMathTest {
    /** x, log|Γ(x)|, ψ(x), from mpmath 1.3.0 with 40 digits. */
    private static final double[][] GAMMA = {
        {1e-10, 23.0258509298827352, -10000000000.5772153},
        {0.1, 2.2527126517342059, -10.4237549404110762},
        {0.3, 1.09579799481807556, -3.50252422220013312},
        {0.49, 0.592249629335267056, -2.01371605069512609},
        {0.51, 0.552973817929800723, -1.91498752416357566},
        {0.75, 0.203280951431295371, -1.08586087978647217},
        {0.999, 0.000578038532891380238, -0.578861802108645428},
        {1.001, -0.000576393598283306152, -0.575571931810300652},
        {1.25, -0.0982718364218131615, -0.227453533376265408},
        {1.4, -0.119612914172371293, -0.0613845445851162368},
        {1.46, -0.121485001004007429, -0.00158056198708345211},
        {1.4616321449683623, -0.121486290535849608, -9.24126552172942752e-17},
        {1.5, -0.120782237635245222, 0.0364899739785765206},
        {1.8, -0.0710838729143721543, 0.284991433293861573},
        {1.999, -0.000422461800692107284, 0.422139198892355646},
        {2.001, 0.000423106734800116991, 0.423429067190698459},
        {2.4, 0.216859322448841574, 0.652901169700598094},
        {2.6, 0.357411863548979837, 0.751047452773476293},
        {3.7, 1.42807232666538813, 1.16715353936151144},
        {7.25, 7.05218545073853944, 1.91045352688373603},
        {11.9, 17.258477450595522, 2.43393353688253749},
        {12.1, 17.7470072707987393, 2.45131434817433723},
        {25.5, 56.3891676437199467, 3.21894247288391977},
        {100, 359.134205369575399, 4.6001618527380874},
        {1e5, 1051287.70897365689, 11.5129204649618951},
        {1e100, 2.29258509299404572e+102, 230.258509299404568},
        {-0.5, 1.2655121234846454, 0.0364899739785765206},
        {-1.25, 1.36643176123697623, 3.71413912021352783},
        {-7.3, -7.77910162982685167, 4.33730730551005014},
        {-20.9, -42.7544685804684829, -6.6053461199626398},
    };

    @Test
    void gammaFunctionsAgreeWithReferencesAlsoNearTheirZeros() {
        for (double[] row : GAMMA) {
            assertClose(row[1], ScalarMath.lgamma(row[0]), "lgamma", row[0]);
            assertClose(row[2], ScalarMath.digamma(row[0]), "digamma", row[0]);
        }
    }

    @Test
    void gammaFunctionsHaveTheirPolesAndLimits() {
        assertEquals(0, ScalarMath.lgamma(1.0));
        assertEquals(0, ScalarMath.lgamma(2.0));
        assertEquals(Double.POSITIVE_INFINITY, ScalarMath.lgamma(0.0));
        assertEquals(Double.POSITIVE_INFINITY, ScalarMath.lgamma(-3.0));
        assertEquals(Double.POSITIVE_INFINITY, ScalarMath.lgamma(Double.POSITIVE_INFINITY));
        assertEquals(Double.POSITIVE_INFINITY, ScalarMath.lgamma(Double.MAX_VALUE));
        assertEquals(Double.POSITIVE_INFINITY, ScalarMath.digamma(Double.POSITIVE_INFINITY));
        assertTrue(Double.isNaN(ScalarMath.digamma(-3.0)));
        assertTrue(Double.isNaN(ScalarMath.digamma(0.0)), "as the evaluator's");
        assertTrue(Double.isNaN(ScalarMath.lgamma(Double.NaN)));
        assertTrue(Double.isNaN(ScalarMath.digamma(Double.NaN)));
    }

    @Test
    void remainderAndQuotientAreFlooredAsInPython() {
        assertEquals(2.5, ScalarMath.floorMod(-1.5, 4.0));
        assertEquals(-2.5, ScalarMath.floorMod(1.5, -4.0));
        assertEquals(1.5, ScalarMath.floorMod(1.5, 4.0));
        assertEquals(0.0, ScalarMath.floorMod(-8.0, 4.0));
        assertEquals(-1, ScalarMath.floorDiv(-1.5, 4.0));
        assertEquals(-2, ScalarMath.floorDiv(-8.0, 4.0));
        // Python: 1 // 0.1 is 9 and 1 % 0.1 is 0.09999999999999995, although 1 / 0.1 rounds to 10.
        assertEquals(9, ScalarMath.floorDiv(1.0, 0.1));
        assertEquals(0.09999999999999995, ScalarMath.floorMod(1.0, 0.1));
        assertTrue(Double.isNaN(ScalarMath.floorMod(1.0, 0.0)));
    }

    @Test
    void cornersHaveTheValuesOfTheLanguage() {
        assertEquals(0, ScalarMath.step(0.0));
        assertEquals(1, ScalarMath.step(1e-300));
        assertEquals(0, ScalarMath.sign(0.0));
        assertEquals(-1, ScalarMath.sign(-7.0));
    }

    @Test
    void sigmoidNeitherOverflowsNorLosesItsTail() {
        assertEquals(0, ScalarMath.sigmoid(-1e9));
        assertEquals(1, ScalarMath.sigmoid(1e9));
        assertEquals(StrictMath.exp(-700), ScalarMath.sigmoid(-700.0), 1e-319);
        assertEquals(0.5f, ScalarMath.sigmoid(0f));
    }

    private static void assertClose(double expected, double actual, String name, double x) {
        assertEquals(expected, actual, 1e-14 * Math.max(Math.abs(expected), 1e-3), name + "(" + x + ")");
    }
}
