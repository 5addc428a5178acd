package dev.morula.report;

import java.awt.image.IndexColorModel;

/**
 * Colours for correlations: blue below 0, near-white at 0, orange to dark red above. Blue against orange stays apart
 * for readers with any of the common colour-vision deficiencies, and lightness alone tells strong from weak.
 */
final class DivergingPalette {
    /** Colour indices: 0 is -1, {@link #ZERO} is 0, {@code 2 * ZERO} is 1. */
    static final int ZERO = 127;

    /** The colour index of a block without a value: grey. */
    static final int NO_VALUE = 255;

    /** Equally spaced from -1 to 1; lightness rises to the middle and falls from there. */
    private static final int[] ANCHORS = {
        0x0b2a5b, 0x1f5fa6, 0x5b9bd0, 0xb1d2ea, 0xf7f7f7, 0xf9cda8, 0xe98b4a, 0xbf4a17, 0x6e1606
    };

    private static final int GREY = 0x9a9a9a;

    private DivergingPalette() {}

    static int index(float correlation) {
        if (Float.isNaN(correlation)) {
            return NO_VALUE;
        }
        return ZERO + Math.round(Math.max(-1, Math.min(1, correlation)) * ZERO);
    }

    static IndexColorModel colorModel() {
        int[] colors = new int[256];
        for (int index = 0; index <= 2 * ZERO; index++) {
            colors[index] = color(index / (2.0 * ZERO));
        }
        colors[NO_VALUE] = GREY;
        return new IndexColorModel(8, 256, colors, 0, false, -1, java.awt.image.DataBuffer.TYPE_BYTE);
    }

    /** The colour at {@code position} in [0, 1], linear between its two anchors. */
    private static int color(double position) {
        double scaled = position * (ANCHORS.length - 1);
        int anchor = Math.min((int) scaled, ANCHORS.length - 2);
        double share = scaled - anchor;
        int color = 0;
        for (int shift = 16; shift >= 0; shift -= 8) {
            int low = ANCHORS[anchor] >> shift & 0xff;
            int high = ANCHORS[anchor + 1] >> shift & 0xff;
            color |= (int) Math.round(low + share * (high - low)) << shift;
        }
        return color;
    }
}
