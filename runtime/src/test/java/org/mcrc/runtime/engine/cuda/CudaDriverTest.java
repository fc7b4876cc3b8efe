package org.mcrc.runtime.engine.cuda;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.mcrc.runtime.InputError;

class CudaDriverTest {
    @Test
    void withoutDriverOneSentenceSaysSo() {
        assertEquals(new CudaDriver.Absent("there is no NVIDIA driver on this computer (libnothing.so.1 was not found)"),
                CudaDriverProbe.probe(List.of("libnothing.so.1", "/nowhere/libnothing.so.1")));
    }

    @Test
    void isAskedOnce() {
        assertSame(CudaDriver.find(), CudaDriver.find());
    }

    @Test
    void withoutDriverADeviceCannotBeOpened() {
        CudaDriver driver = CudaDriver.find();
        assumeTrue(driver instanceof CudaDriver.Absent, "there is a driver");
        String reason = assertInstanceOf(CudaDriver.Absent.class, driver).reason();
        InputError error = assertThrows(InputError.class, CudaDevice::open);
        assertEquals("no GPU can be used: " + reason + "\n  --backend cpu needs none", error.text());
        // Again, and not with an error of classes that could not be loaded.
        assertEquals(error.text(), assertThrows(InputError.class, CudaDevice::open).text());
    }

    @Test
    void versionsAreReadAsTheDriverWritesThem() {
        CudaDriver.Present present = new CudaDriver.Present(12080, 1);
        assertEquals("12.8", present.versionText());
        assertEquals(12, present.major());
        assertEquals("13.0", new CudaDriver.Present(13000, 1).versionText());
    }

    @Test
    void theChoiceIsAGpuThatIsThere() {
        assertEquals(0, CudaDevice.chosen(null, 1));
        assertEquals(0, CudaDevice.chosen(" ", 4));
        assertEquals(3, CudaDevice.chosen("3", 4));
        for (String wrong : List.of("4", "-1", "first")) {
            String text = assertThrows(InputError.class, () -> CudaDevice.chosen(wrong, 4)).text();
            assertTrue(text.startsWith("MCRC_CUDA_DEVICE is ") && text.contains(wrong), text);
        }
    }
}
