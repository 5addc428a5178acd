package dev.morula.kernel;

import org.bytedeco.javacpp.annotation.Cast;
import org.bytedeco.javacpp.annotation.NoException;
import org.bytedeco.javacpp.annotation.Platform;

/**
 * The C functions of {@code morula.h} and the headers beside it, one line each. Memory is passed as addresses ({@code
 * long}); descriptors are structs of 64-bit fields, so a {@code long[]} is one.
 *
 * <p>OpenBLAS is preloaded by file name rather than through its preset's class, which would load a second copy with a
 * thread pool of its own.
 */
@Platform(
        include = {"morula.h", "morula_train.h", "morula_redundancy.h"},
        link = "morula",
        preload = {"gcc_s@.1", "quadmath@.0", "gfortran@.5", "openblas@.0"},
        preloadresource = "/org/bytedeco/openblas/")
@NoException
final class MorulaLibrary {
    private MorulaLibrary() {}

    static native int morula_abi_version();

    static native @Cast("const char*") String morula_build_info();

    static native @Cast("const char*") String morula_last_error();

    static native int morula_hardware_tier();

    static native @Cast("const char*") String morula_blas_config();

    static native @Cast("const char*") String morula_blas_core();

    static native int morula_context_create(@Cast("morula_context**") long[] context, int tier);

    static native void morula_context_destroy(@Cast("morula_context*") long context);

    static native int morula_context_tier(@Cast("const morula_context*") long context);

    static native int morula_alloc(@Cast("void**") long[] memory, @Cast("int64_t") long bytes);

    static native int morula_map(
            @Cast("void**") long[] memory,
            @Cast("void**") long[] base,
            @Cast("int64_t*") long[] baseBytes,
            @Cast("const char*") String path,
            @Cast("int64_t") long offset,
            @Cast("int64_t") long bytes);

    static native int morula_scratch(
            @Cast("void**") long[] memory, @Cast("const char*") String folder, @Cast("int64_t") long bytes);

    static native int morula_free(@Cast("void*") long base, @Cast("int64_t") long bytes);

    // train
    static native int morula_linear_forward(
            @Cast("morula_context*") long context,
            @Cast("float*") long out,
            @Cast("const float*") long inp,
            @Cast("const float*") long weight,
            @Cast("const float*") long bias,
            @Cast("const morula_linear*") long[] shape,
            int activation);

    static native int morula_linear_backward_weight(
            @Cast("morula_context*") long context,
            @Cast("float*") long dweight,
            @Cast("float*") long dbias,
            @Cast("const float*") long dout,
            @Cast("const float*") long inp,
            @Cast("const morula_linear*") long[] shape);

    static native int morula_linear_backward_input(
            @Cast("morula_context*") long context,
            @Cast("float*") long dinp,
            @Cast("const float*") long dout,
            @Cast("const float*") long weight,
            @Cast("const float*") long inp,
            @Cast("const morula_linear*") long[] shape,
            int activation);

    static native int morula_softmax_cross_entropy(
            @Cast("morula_context*") long context,
            @Cast("float*") long dout,
            @Cast("float*") long losses,
            @Cast("int32_t*") long predicted,
            @Cast("const float*") long out,
            @Cast("const int32_t*") long labels,
            @Cast("const morula_loss*") long[] shape,
            double smoothing);

    static native int morula_mean_squared_error(
            @Cast("morula_context*") long context,
            @Cast("float*") long dout,
            @Cast("float*") long losses,
            @Cast("int32_t*") long predicted,
            @Cast("const float*") long out,
            @Cast("const int32_t*") long labels,
            @Cast("const morula_loss*") long[] shape);

    static native int morula_square_hinge(
            @Cast("morula_context*") long context,
            @Cast("float*") long dout,
            @Cast("float*") long losses,
            @Cast("int32_t*") long predicted,
            @Cast("const float*") long out,
            @Cast("const int32_t*") long labels,
            @Cast("const morula_loss*") long[] shape);

    static native int morula_sgd_step(
            @Cast("morula_context*") long context,
            @Cast("float*") long parameter,
            @Cast("float*") long velocity,
            @Cast("const float*") long gradient,
            @Cast("const morula_sgd*") double[] rule,
            int variant,
            @Cast("int64_t") long stride,
            @Cast("const morula_block*") long[] block);

    static native int morula_adam_step(
            @Cast("morula_context*") long context,
            @Cast("float*") long parameter,
            @Cast("float*") long mean,
            @Cast("float*") long square,
            @Cast("const float*") long gradient,
            @Cast("const morula_adam*") double[] rule,
            @Cast("int64_t") long stride,
            @Cast("const morula_block*") long[] block);

    static native int morula_gather_rows(
            @Cast("morula_context*") long context,
            @Cast("float*") long out,
            @Cast("const float*") long source,
            @Cast("const int32_t*") long indices,
            @Cast("int64_t") long count,
            @Cast("int64_t") long rows,
            @Cast("int64_t") long columns);

    static native int morula_orthogonal_factor(
            @Cast("morula_context*") long context,
            @Cast("float*") long matrix,
            @Cast("int64_t") long rows,
            @Cast("int64_t") long columns,
            double gain);

    static native @Cast("int64_t") long morula_convolution_workspace(
            @Cast("const morula_convolution*") long[] shape, int pass);

    static native int morula_convolution_forward(
            @Cast("morula_context*") long context,
            @Cast("float*") long out,
            @Cast("const float*") long inp,
            @Cast("const float*") long weight,
            @Cast("const float*") long bias,
            @Cast("float*") long workspace,
            @Cast("const morula_convolution*") long[] shape,
            int activation);

    static native int morula_convolution_backward_weight(
            @Cast("morula_context*") long context,
            @Cast("float*") long dweight,
            @Cast("float*") long dbias,
            @Cast("const float*") long dout,
            @Cast("const float*") long inp,
            @Cast("float*") long workspace,
            @Cast("const morula_convolution*") long[] shape);

    static native int morula_convolution_backward_input(
            @Cast("morula_context*") long context,
            @Cast("float*") long dinp,
            @Cast("const float*") long dout,
            @Cast("const float*") long weight,
            @Cast("float*") long workspace,
            @Cast("const morula_convolution*") long[] shape);

    static native int morula_add_parts(
            @Cast("morula_context*") long context,
            @Cast("float*") long sums,
            @Cast("int64_t") long parts,
            @Cast("int64_t") long size,
            @Cast("int64_t") long first,
            @Cast("int64_t") long count);

    static native int morula_gather_images(
            @Cast("morula_context*") long context,
            @Cast("float*") long out,
            @Cast("const float*") long source,
            @Cast("const int32_t*") long indices,
            @Cast("const int32_t*") long moves,
            @Cast("const morula_images*") long[] shape);

    static native int morula_principal_axes(
            @Cast("morula_context*") long context,
            @Cast("double*") long axes,
            @Cast("double*") long variances,
            @Cast("double*") long covariance,
            @Cast("int64_t") long size,
            @Cast("int64_t") long count);

    static native int morula_batch_norm_sums(
            @Cast("morula_context*") long context,
            @Cast("double*") long sums,
            @Cast("const float*") long inp,
            @Cast("const morula_channels*") long[] shape);

    static native int morula_batch_norm_training(
            @Cast("morula_context*") long context,
            @Cast("float*") long terms,
            @Cast("const double*") long sums,
            @Cast("int64_t") long parts,
            @Cast("const float*") long inp,
            @Cast("const morula_batch_norm*") long[] layer,
            @Cast("const morula_channels*") long[] shape);

    static native int morula_batch_norm_evaluation(
            @Cast("morula_context*") long context,
            @Cast("float*") long terms,
            @Cast("const morula_batch_norm*") long[] layer,
            @Cast("int64_t") long channels);

    static native int morula_batch_norm_forward(
            @Cast("morula_context*") long context,
            @Cast("float*") long out,
            @Cast("const float*") long inp,
            @Cast("const float*") long terms,
            @Cast("const morula_channels*") long[] shape,
            int activation);

    static native int morula_batch_norm_backward_sums(
            @Cast("morula_context*") long context,
            @Cast("double*") long sums,
            @Cast("const float*") long dout,
            @Cast("const float*") long inp,
            @Cast("const float*") long out,
            @Cast("const float*") long terms,
            @Cast("const morula_channels*") long[] shape);

    static native int morula_batch_norm_gradients(
            @Cast("morula_context*") long context,
            @Cast("float*") long dscale,
            @Cast("float*") long dshift,
            @Cast("float*") long slopes,
            @Cast("const double*") long sums,
            @Cast("int64_t") long parts,
            @Cast("const float*") long terms,
            @Cast("const morula_channels*") long[] shape);

    static native int morula_batch_norm_backward_input(
            @Cast("morula_context*") long context,
            @Cast("float*") long dinp,
            @Cast("const float*") long dout,
            @Cast("const float*") long inp,
            @Cast("const float*") long out,
            @Cast("const float*") long terms,
            @Cast("const float*") long slopes,
            @Cast("const morula_channels*") long[] shape);

    static native int morula_max_pool(
            @Cast("morula_context*") long context,
            @Cast("float*") long out,
            @Cast("const float*") long inp,
            @Cast("const morula_pool*") long[] shape);

    static native int morula_max_pool_backward(
            @Cast("morula_context*") long context,
            @Cast("float*") long dinp,
            @Cast("const float*") long dout,
            @Cast("const float*") long inp,
            @Cast("const float*") long out,
            @Cast("const morula_pool*") long[] shape);

    static native int morula_average_pool(
            @Cast("morula_context*") long context,
            @Cast("float*") long out,
            @Cast("const float*") long inp,
            @Cast("const morula_pool*") long[] shape);

    static native int morula_average_pool_backward(
            @Cast("morula_context*") long context,
            @Cast("float*") long dinp,
            @Cast("const float*") long dout,
            @Cast("const morula_pool*") long[] shape);

    static native int morula_local_response_norm(
            @Cast("morula_context*") long context,
            @Cast("float*") long out,
            @Cast("const float*") long inp,
            @Cast("const morula_local_response*") long[] shape,
            @Cast("const morula_response_rule*") double[] rule);

    static native int morula_local_response_norm_backward(
            @Cast("morula_context*") long context,
            @Cast("float*") long dinp,
            @Cast("float*") long workspace,
            @Cast("const float*") long dout,
            @Cast("const float*") long inp,
            @Cast("const morula_local_response*") long[] shape,
            @Cast("const morula_response_rule*") double[] rule);

    static native int morula_dropout(
            @Cast("morula_context*") long context,
            @Cast("float*") long out,
            @Cast("const float*") long inp,
            @Cast("const morula_dropout_draw*") long[] draw,
            double probability);

    static native int morula_relu(
            @Cast("morula_context*") long context,
            @Cast("float*") long out,
            @Cast("const float*") long inp,
            @Cast("int64_t") long first,
            @Cast("int64_t") long count);

    static native int morula_relu_backward(
            @Cast("morula_context*") long context,
            @Cast("float*") long dinp,
            @Cast("const float*") long dout,
            @Cast("const float*") long out,
            @Cast("int64_t") long first,
            @Cast("int64_t") long count);

    static native int morula_add(
            @Cast("morula_context*") long context,
            @Cast("float*") long out,
            @Cast("const float*") long left,
            @Cast("const float*") long right,
            @Cast("int64_t") long first,
            @Cast("int64_t") long count,
            int activation);

    static native int morula_copy_channels(
            @Cast("morula_context*") long context,
            @Cast("float*") long out,
            @Cast("const float*") long inp,
            @Cast("const morula_channel_copy*") long[] shape);

    static native int morula_transpose_samples(
            @Cast("morula_context*") long context,
            @Cast("float*") long out,
            @Cast("const float*") long inp,
            @Cast("const morula_sample_transposition*") long[] shape);

    // activations

    static native int morula_transpose(
            @Cast("morula_context*") long context,
            @Cast("void*") long out,
            @Cast("const void*") long in,
            @Cast("const morula_transposition*") long[] block);

    // standardise
    static native int morula_moments_of(
            @Cast("morula_context*") long context,
            @Cast("morula_moments*") long moments,
            @Cast("const void*") long values,
            int type,
            @Cast("int64_t") long neurons,
            @Cast("int64_t") long samples,
            int metric);

    static native int morula_rank(
            @Cast("morula_context*") long context,
            @Cast("void*") long ranks,
            int ranksType,
            @Cast("const void*") long values,
            int type,
            @Cast("int64_t") long neurons,
            @Cast("int64_t") long samples);

    static native int morula_standardise(
            @Cast("morula_context*") long context,
            @Cast("float*") long means,
            @Cast("const morula_layer*") long[] layer,
            @Cast("const int32_t*") long members,
            @Cast("int64_t") long count,
            @Cast("int64_t") long size);

    // correlate
    static native void morula_panel_rows(@Cast("const morula_context*") long context, @Cast("int64_t*") long[] sizes);

    static native @Cast("int64_t") long morula_packed_bytes(
            @Cast("const morula_context*") long context,
            int side,
            @Cast("int64_t") long rows,
            @Cast("int64_t") long samples);

    static native @Cast("int64_t") long morula_tile_workspace_bytes(@Cast("const morula_context*") long context);

    static native int morula_pack(
            @Cast("morula_context*") long context,
            @Cast("void*") long panel,
            double[] error,
            @Cast("const morula_layer*") long[] layer,
            @Cast("const int32_t*") long neurons,
            @Cast("int64_t") long rows,
            int side);

    static native double morula_tile_bound(
            @Cast("const morula_context*") long context,
            double leftError,
            double rightError,
            @Cast("int64_t") long samples);

    static native int morula_correlate_tile(
            @Cast("morula_context*") long context,
            @Cast("int64_t*") long pairs,
            @Cast("int64_t*") long[] count,
            @Cast("void*") long workspace,
            @Cast("const morula_tile*") long[] tile,
            double cut,
            @Cast("int64_t") long capacity);

    static native int morula_correlate_decide(
            @Cast("morula_context*") long context,
            @Cast("int64_t*") long pairs,
            @Cast("float*") long values,
            @Cast("int64_t*") long[] count,
            @Cast("int64_t*") long[] decided,
            @Cast("const morula_layer*") long[] layer,
            @Cast("const morula_selection*") long[] selection);

    static native int morula_product(
            @Cast("morula_context*") long context,
            @Cast("float*") long out,
            @Cast("const float*") long left,
            @Cast("const float*") long right,
            @Cast("int64_t") long m,
            @Cast("int64_t") long n,
            @Cast("int64_t") long k);

    static native int morula_correlation_block(
            @Cast("morula_context*") long context,
            @Cast("float*") long out,
            @Cast("const morula_layer*") long[] layer,
            @Cast("const morula_block*") long[] block);

    // graph
    static native int morula_csr_count(
            @Cast("morula_context*") long context,
            @Cast("int64_t*") long degrees,
            @Cast("const int64_t*") long edges,
            @Cast("int64_t") long count);

    static native int morula_csr_fill(
            @Cast("morula_context*") long context,
            @Cast("int32_t*") long indices,
            @Cast("float*") long values,
            @Cast("int64_t*") long rowNext,
            @Cast("const int64_t*") long edges,
            @Cast("const float*") long edgeValues,
            @Cast("int64_t") long count);

    static native int morula_csr_sort(
            @Cast("morula_context*") long context,
            @Cast("int32_t*") long indices,
            @Cast("float*") long values,
            @Cast("const int64_t*") long rowStart,
            @Cast("int64_t") long firstRow,
            @Cast("int64_t") long rows);

    static native int morula_csr_count_rows(
            @Cast("morula_context*") long context,
            @Cast("int64_t*") long degrees,
            @Cast("const int64_t*") long edges,
            @Cast("int64_t") long count,
            @Cast("const morula_csr_rows*") long[] rows);

    static native int morula_csr_fill_rows(
            @Cast("morula_context*") long context,
            @Cast("int32_t*") long indices,
            @Cast("float*") long values,
            @Cast("int64_t*") long rowNext,
            @Cast("const int64_t*") long edges,
            @Cast("const float*") long edgeValues,
            @Cast("int64_t") long count,
            @Cast("const morula_csr_rows*") long[] rows);

    // correlate: screening in few directions
    static native int morula_column_moments(
            @Cast("morula_context*") long context,
            @Cast("morula_moments*") long moments,
            @Cast("const morula_layer*") long[] layer,
            @Cast("int64_t") long first,
            @Cast("int64_t") long count,
            int metric);

    static native int morula_standardise_piece(
            @Cast("morula_context*") long context,
            @Cast("float*") long rows,
            @Cast("const morula_layer*") long[] layer,
            @Cast("const morula_neurons*") long[] neurons,
            @Cast("int64_t") long firstSample,
            @Cast("int64_t") long samples);

    static native int morula_gram_add(
            @Cast("morula_context*") long context,
            @Cast("float*") long gram,
            @Cast("const float*") long rows,
            @Cast("int64_t") long first,
            @Cast("int64_t") long count,
            @Cast("int64_t") long neurons);

    static native int morula_principal(
            @Cast("morula_context*") long context,
            @Cast("float*") long weights,
            @Cast("int64_t*") long[] found,
            @Cast("float*") long gram,
            @Cast("int64_t") long neurons,
            @Cast("int64_t") long rank);

    static native int morula_combine(
            @Cast("morula_context*") long context,
            @Cast("float*") long basis,
            @Cast("const float*") long weights,
            @Cast("const float*") long rows,
            @Cast("int64_t") long rank,
            @Cast("int64_t") long neurons);

    static native int morula_orthonormalise(
            @Cast("morula_context*") long context,
            @Cast("float*") long basis,
            double[] deviations,
            @Cast("int64_t") long rank,
            @Cast("int64_t") long pieces);

    static native int morula_project(
            @Cast("morula_context*") long context,
            @Cast("float*") long projections,
            @Cast("float*") long workspace,
            @Cast("const morula_layer*") long[] layer,
            @Cast("const morula_neurons*") long[] neurons,
            @Cast("const morula_basis*") long[] basis,
            @Cast("int64_t") long rows);

    static native double morula_projection_error(
            @Cast("const morula_basis*") long[] basis, @Cast("int64_t") long samples);

    static native int morula_screen_rows(
            @Cast("morula_context*") long context,
            @Cast("float*") long rows,
            double[] largest,
            @Cast("const float*") long projections,
            @Cast("const morula_screen*") long[] screen,
            @Cast("int64_t") long count,
            int side);

    static native int morula_pack_rows(
            @Cast("morula_context*") long context,
            @Cast("void*") long panel,
            @Cast("const float*") long rows,
            @Cast("int64_t") long count,
            @Cast("int64_t") long columns,
            int side);

    static native double morula_screen_bound(
            @Cast("const morula_context*") long context, @Cast("const morula_screen*") long[] screen, double largest);

    static native int morula_refine(
            @Cast("morula_context*") long context,
            @Cast("double*") long sums,
            @Cast("const int64_t*") long pairs,
            @Cast("int64_t") long count,
            @Cast("const float*") long rows,
            @Cast("int64_t") long samples);

    static native double morula_refine_bound(@Cast("int64_t") long samples);

    // correlate: the strongest partners of each neuron
    static native int morula_strongest_add(
            @Cast("morula_context*") long context,
            @Cast("const morula_strongest*") long[] strongest,
            @Cast("int64_t*") long[] next,
            @Cast("int64_t*") long[] full,
            @Cast("const int64_t*") long pairs,
            @Cast("const float*") long values,
            @Cast("int64_t") long count);

    static native int morula_strongest_contenders(
            @Cast("morula_context*") long context,
            int[] contenders,
            @Cast("int64_t*") long[] count,
            @Cast("const morula_strongest*") long[] strongest,
            @Cast("int64_t") long neuron);

    static native int morula_strongest_decide(
            @Cast("morula_context*") long context,
            @Cast("const morula_strongest*") long[] strongest,
            @Cast("int64_t*") long[] compared,
            @Cast("const morula_layer*") long[] layer,
            int[] neurons,
            @Cast("int64_t") long count,
            @Cast("int64_t") long neuron);

    static native int morula_strongest_collect(
            @Cast("morula_context*") long context,
            @Cast("int32_t*") long indices,
            @Cast("float*") long values,
            @Cast("const int64_t*") long rowStart,
            @Cast("const morula_strongest*") long[] strongest);

    static native int morula_sift(
            @Cast("morula_context*") long context,
            @Cast("int64_t*") long pairs,
            @Cast("float*") long values,
            @Cast("int64_t*") long open,
            @Cast("int64_t*") long[] counts,
            @Cast("const double*") long sums,
            @Cast("const morula_selection*") long[] selection,
            double bound);

    // redundancy
    static native int morula_gram(
            @Cast("morula_context*") long context,
            @Cast("double*") long gram,
            @Cast("const float*") long values,
            @Cast("const double*") long means,
            @Cast("const morula_gram_shape*") long[] shape);

    static native int morula_eigenvalues(
            @Cast("morula_context*") long context,
            @Cast("double*") long eigenvalues,
            @Cast("double*") long matrix,
            @Cast("int64_t") long size);

    static native int morula_chunk_logits(
            @Cast("morula_context*") long context,
            @Cast("float*") long logits,
            @Cast("const float*") long activations,
            @Cast("const int32_t*") int[] chunk,
            @Cast("const float*") long weight,
            @Cast("const float*") long bias,
            @Cast("const morula_chunk_logits_shape*") long[] shape);

    static native @Cast("int64_t") long morula_chunk_fit_workspace(@Cast("const morula_chunk_shape*") long[] shape);

    static native int morula_chunk_fit(
            @Cast("morula_context*") long context,
            @Cast("morula_chunk_sums*") double[] sums,
            @Cast("const double*") long gram,
            @Cast("const int32_t*") int[] chunk,
            @Cast("double*") long workspace,
            @Cast("const morula_chunk_shape*") long[] shape,
            double alpha);

    static native int morula_class_sums(
            @Cast("morula_context*") long context,
            @Cast("double*") long sums,
            @Cast("const float*") long values,
            @Cast("const int32_t*") long labels,
            @Cast("const morula_classes*") long[] shape,
            @Cast("int64_t") long first,
            @Cast("int64_t") long count);

    static native int morula_class_distances(
            @Cast("morula_context*") long context,
            @Cast("double*") long distances,
            @Cast("const float*") long values,
            @Cast("const int32_t*") long labels,
            @Cast("const double*") long means,
            @Cast("const morula_classes*") long[] shape);

    static native int morula_class_project(
            @Cast("morula_context*") long context,
            @Cast("double*") long projections,
            @Cast("const float*") long values,
            @Cast("const double*") long centre,
            @Cast("const double*") long directions,
            @Cast("int64_t") long samples,
            @Cast("int64_t") long neurons,
            @Cast("int64_t") long count);
}
