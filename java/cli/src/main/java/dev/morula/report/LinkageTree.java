package dev.morula.report;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.PriorityQueue;

/**
 * What average linkage merged, in scipy's order: neurons are the nodes 0 to n - 1, and merge k makes node n + k. What was
 * never merged stays apart, so there may be many trees.
 *
 * @param neurons n
 * @param left and right: the nodes that each merge joins
 * @param height of each merge: 1 less the mean correlation between the two
 * @param size neurons in each merged node
 */
public record LinkageTree(int neurons, int[] left, int[] right, double[] height, int[] size) {
    public LinkageTree {
        if (left.length != right.length || left.length != height.length || left.length != size.length) {
            throw new IllegalArgumentException("a dendrogram has as many left nodes as right ones, heights and sizes");
        }
        left = left.clone();
        right = right.clone();
        height = height.clone();
        size = size.clone();
    }

    boolean isLeaf(int node) {
        return node < neurons;
    }

    double height(int node) {
        return isLeaf(node) ? 0 : height[node - neurons];
    }

    int size(int node) {
        return isLeaf(node) ? 1 : size[node - neurons];
    }

    int left(int node) {
        return left[node - neurons];
    }

    int right(int node) {
        return right[node - neurons];
    }

    /** Nodes of at least two neurons that no merge joins to another, the largest first. */
    List<Integer> roots() {
        boolean[] joined = new boolean[neurons + left.length];
        for (int merge = 0; merge < left.length; merge++) {
            joined[left[merge]] = true;
            joined[right[merge]] = true;
        }
        List<Integer> roots = new ArrayList<>();
        for (int node = neurons; node < joined.length; node++) {
            if (!joined[node]) {
                roots.add(node);
            }
        }
        roots.sort(Comparator.comparingInt((Integer node) -> -size(node)).thenComparingInt(node -> node));
        return roots;
    }

    /** Where the trees of {@code roots} are cut to leave at most {@code most} nodes: the highest merges are undone first. */
    boolean[] opened(List<Integer> roots, int most) {
        boolean[] opened = new boolean[neurons + left.length];
        PriorityQueue<Integer> closed = new PriorityQueue<>(
                Comparator.comparingDouble((Integer node) -> -height(node)).thenComparingInt(node -> -node));
        closed.addAll(roots);
        int nodes = roots.size();
        while (nodes < most && !closed.isEmpty()) {
            int node = closed.remove();
            if (!isLeaf(node)) {
                opened[node] = true;
                closed.add(left(node));
                closed.add(right(node));
                nodes++;
            }
        }
        return opened;
    }
}
