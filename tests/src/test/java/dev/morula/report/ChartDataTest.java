package dev.morula.report;

import static org.assertj.core.api.Assertions.assertThat;

import dev.morula.report.ChartData.SizeRow;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

class ChartDataTest {
    @Test
    void clustersOfOneSizeShareARow() {
        assertThat(ChartData.sizes(new int[] {9, 4, 4, 2, 2, 2}))
                .containsExactly(new SizeRow(9, 1, 1, 1), new SizeRow(4, 2, 2, 3), new SizeRow(2, 3, 4, 6));
        assertThat(ChartData.sizes(new int[0])).isEmpty();
    }

    @Test
    void mergedBinsKeepEveryPair() {
        long[] counts = LongStream.range(0, 1001).toArray();
        List<ChartData.BinRow> rows = ChartData.bins(HistogramFigure.exact(SampleReports.edges(1001), counts, 0.9));
        assertThat(rows).hasSizeLessThanOrEqualTo(400);
        assertThat(rows.stream().mapToLong(ChartData.BinRow::pairs).sum()).isEqualTo(500_500);
        assertThat(rows.get(0).from()).isEqualTo(-1);
        assertThat(rows.get(rows.size() - 1).to()).isEqualTo(1);
    }

    @Test
    void manyEpochsKeepTheLastMeasurementOfEachGroup() {
        List<TrainingCurves.Epoch> epochs = new ArrayList<>();
        for (int epoch = 1; epoch <= 5000; epoch++) {
            double test = epoch % 10 == 5 ? epoch : Double.NaN;
            epochs.add(new TrainingCurves.Epoch(epoch, epoch, 0, test, 0.1));
        }
        List<ChartData.EpochRow> rows = ChartData.epochs(new TrainingCurves(epochs));
        assertThat(rows).hasSize(500);
        assertThat(rows.get(0)).isEqualTo(new ChartData.EpochRow(10, 10.0, 0.0, 5.0, 0.1));
        assertThat(rows.get(499).epoch()).isEqualTo(5000);
    }
}
