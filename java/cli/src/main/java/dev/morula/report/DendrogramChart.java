package dev.morula.report;

import dev.morula.cluster.Dendrogram;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.PriorityQueue;

/** The chart of a dendrogram, cut to what can be told apart. */
final class DendrogramChart {
    static final String NAME = "dendrogram";
    static final int MOST = 200;

    private final Dendrogram tree;
    private final List<Integer> roots;
    private final boolean[] opened;
    private final Map<Integer, Double> positions = new HashMap<>();
    private final DataTable table = DataTable.of("node", "parent", "position", "height", "neurons");

    private DendrogramChart(Dendrogram tree) {
        this.tree = tree;
        List<Integer> all = tree.roots();
        this.roots = new ArrayList<>(all.subList(0, Math.min(MOST, all.size())));
        this.opened = opened();
        place();
        roots.forEach(this::list);
    }

    static Chart of(Dendrogram tree) {
        if (tree == null || tree.roots().isEmpty()) {
            return null;
        }
        DendrogramChart chart = new DendrogramChart(tree);
        return new Chart(
                NAME,
                title(tree, chart),
                "A bar joins two groups of neurons at the height of 1 less the mean correlation between them, so what "
                        + "joins low is most alike. Dots are the groups at which drawing ends, larger for more neurons; "
                        + chart.shown(),
                chart.table,
                Plot.tree(Axis.plain("1 − mean correlation", Scale.ZERO)).measure("height", null, "height"));
    }

    private static String title(Dendrogram tree, DendrogramChart chart) {
        return "Average linkage leaves " + Numbers.count(tree.roots().size(), "tree") + " of neurons, the largest of "
                + Numbers.count(tree.size(chart.roots.get(0))) + " neurons";
    }

    private String shown() {
        long all = tree.roots().size();
        long neurons = roots.stream().mapToLong(tree::size).sum();
        long alone =
                tree.neurons() - tree.roots().stream().mapToLong(tree::size).sum();
        return (all > roots.size()
                        ? "only the " + MOST + " largest of " + Numbers.count(all) + " trees are shown, which hold "
                                + Numbers.count(neurons) + " of " + Numbers.count(tree.neurons()) + " neurons"
                        : "at most " + MOST + " groups are shown, and the highest bars are kept")
                + (alone == 0 ? "." : ". " + Numbers.count(alone, "neuron") + " without a partner are left out.");
    }

    /** Where the trees are cut to leave at most {@link #MOST} groups: the highest merges are undone first. */
    private boolean[] opened() {
        boolean[] open = new boolean[tree.neurons() + tree.merges()];
        PriorityQueue<Integer> closed = new PriorityQueue<>(
                Comparator.comparingDouble((Integer node) -> -tree.height(node)).thenComparingInt(node -> -node));
        closed.addAll(roots);
        int groups = roots.size();
        while (groups < MOST && !closed.isEmpty()) {
            int node = closed.remove();
            if (!tree.isNeuron(node)) {
                open[node] = true;
                closed.add(tree.left(node));
                closed.add(tree.right(node));
                groups++;
            }
        }
        return open;
    }

    /** Nodes at which drawing ends stand side by side, and a merge stands between what it joins. */
    private void place() {
        Deque<Integer> open = new ArrayDeque<>();
        List<Integer> order = new ArrayList<>();
        for (int root = roots.size() - 1; root >= 0; root--) {
            open.push(roots.get(root));
        }
        while (!open.isEmpty()) {
            int node = open.pop();
            order.add(node);
            if (opened[node]) {
                open.push(tree.right(node));
                open.push(tree.left(node));
            } else {
                positions.put(node, (double) positions.size());
            }
        }
        for (int k = order.size() - 1; k >= 0; k--) {
            int node = order.get(k);
            if (opened[node]) {
                positions.put(node, (positions.get(tree.left(node)) + positions.get(tree.right(node))) / 2);
            }
        }
    }

    private void list(int root) {
        Deque<int[]> open = new ArrayDeque<>(List.of(new int[] {root, -1}));
        while (!open.isEmpty()) {
            int[] next = open.pop();
            int node = next[0];
            table.add(node, next[1] < 0 ? null : next[1], positions.get(node), tree.height(node), tree.size(node));
            if (opened[node]) {
                open.push(new int[] {tree.right(node), node});
                open.push(new int[] {tree.left(node), node});
            }
        }
    }
}
