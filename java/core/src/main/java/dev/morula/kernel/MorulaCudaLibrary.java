package dev.morula.kernel;

import org.bytedeco.javacpp.annotation.Cast;
import org.bytedeco.javacpp.annotation.NoException;
import org.bytedeco.javacpp.annotation.Platform;

/**
 * The C functions of {@code morula_cuda.h} and the headers beside it, one line each, as {@link MorulaLibrary} has those of
 * {@code morula.h}.
 */
@Platform(
        include = {"morula_cuda.h", "morula_cuda_train.h", "morula_cuda_correlate.h"},
        link = "morula_cuda")
@NoException
final class MorulaCudaLibrary {
    private MorulaCudaLibrary() {}

    static native @Cast("const char*") String morula_cuda_last_error();

    static native int morula_cuda_abi_version();

    static native int morula_cuda_driver_version();

    static native int morula_cuda_runtime_version();

    static native int morula_cuda_device_count(int[] count);

    static native int morula_cuda_describe(
            @Cast("morula_cuda_device*") long[] device,
            @Cast("char*") byte[] name,
            @Cast("int64_t") long nameCapacity,
            int index);

    static native int morula_cuda_probe(int index);

    static native int morula_cuda_context_create(
            @Cast("morula_cuda_context**") long[] context, int device, @Cast("int64_t") long memoryLimit);

    static native void morula_cuda_context_destroy(@Cast("morula_cuda_context*") long context);

    static native void morula_cuda_memory(
            @Cast("const morula_cuda_context*") long context,
            @Cast("int64_t*") long[] used,
            @Cast("int64_t*") long[] limit);

    static native int morula_cuda_alloc(
            @Cast("morula_cuda_context*") long context, @Cast("void**") long[] memory, @Cast("int64_t") long bytes);

    static native int morula_cuda_free(
            @Cast("morula_cuda_context*") long context, @Cast("void*") long memory, @Cast("int64_t") long bytes);

    static native int morula_cuda_upload(
            @Cast("morula_cuda_context*") long context,
            @Cast("void*") long device,
            @Cast("const void*") long host,
            @Cast("int64_t") long bytes);

    static native int morula_cuda_download(
            @Cast("morula_cuda_context*") long context,
            @Cast("void*") long host,
            @Cast("const void*") long device,
            @Cast("int64_t") long bytes);

    static native int morula_cuda_clear(
            @Cast("morula_cuda_context*") long context, @Cast("void*") long device, @Cast("int64_t") long bytes);

    static native @Cast("const char*") String morula_cuda_blas(@Cast("const morula_cuda_context*") long context);

    static native int morula_cuda_product(
            @Cast("morula_cuda_context*") long context,
            @Cast("float*") long out,
            @Cast("const float*") long left,
            @Cast("const float*") long right,
            @Cast("int64_t") long m,
            @Cast("int64_t") long n,
            @Cast("int64_t") long k);

    static native int morula_cuda_synchronize(@Cast("morula_cuda_context*") long context);

    static native int morula_cuda_record_begin(@Cast("morula_cuda_context*") long context);

    static native int morula_cuda_record_end(
            @Cast("morula_cuda_context*") long context, @Cast("morula_cuda_recording**") long[] recording);

    static native int morula_cuda_repeat(
            @Cast("morula_cuda_context*") long context, @Cast("morula_cuda_recording*") long recording);

    static native void morula_cuda_recording_destroy(@Cast("morula_cuda_recording*") long recording);

    // train

    static native int morula_cuda_linear_forward(
            @Cast("morula_cuda_context*") long context,
            @Cast("float*") long out,
            @Cast("const float*") long inp,
            @Cast("const float*") long weight,
            @Cast("const float*") long bias,
            @Cast("const morula_linear*") long[] shape,
            int activation);

    static native int morula_cuda_linear_backward_weight(
            @Cast("morula_cuda_context*") long context,
            @Cast("float*") long dweight,
            @Cast("float*") long dbias,
            @Cast("const float*") long dout,
            @Cast("const float*") long inp,
            @Cast("const morula_linear*") long[] shape);

    static native int morula_cuda_linear_backward_input(
            @Cast("morula_cuda_context*") long context,
            @Cast("float*") long dinp,
            @Cast("const float*") long dout,
            @Cast("const float*") long weight,
            @Cast("const float*") long inp,
            @Cast("const morula_linear*") long[] shape,
            int activation);

    static native @Cast("int64_t") long morula_cuda_convolution_workspace(
            @Cast("const morula_convolution*") long[] shape, int pass);

    static native int morula_cuda_convolution_forward(
            @Cast("morula_cuda_context*") long context,
            @Cast("float*") long out,
            @Cast("const float*") long inp,
            @Cast("const float*") long weight,
            @Cast("const float*") long bias,
            @Cast("float*") long workspace,
            @Cast("const morula_convolution*") long[] shape,
            int activation);

    static native int morula_cuda_convolution_backward_weight(
            @Cast("morula_cuda_context*") long context,
            @Cast("float*") long dweight,
            @Cast("float*") long dbias,
            @Cast("const float*") long dout,
            @Cast("const float*") long inp,
            @Cast("float*") long workspace,
            @Cast("const morula_convolution*") long[] shape);

    static native int morula_cuda_add_parts(
            @Cast("morula_cuda_context*") long context,
            @Cast("float*") long sums,
            @Cast("int64_t") long parts,
            @Cast("int64_t") long size,
            @Cast("int64_t") long first,
            @Cast("int64_t") long count);

    static native int morula_cuda_convolution_backward_input(
            @Cast("morula_cuda_context*") long context,
            @Cast("float*") long dinp,
            @Cast("const float*") long dout,
            @Cast("const float*") long weight,
            @Cast("float*") long workspace,
            @Cast("const morula_convolution*") long[] shape);

    static native int morula_cuda_batch_norm_sums(
            @Cast("morula_cuda_context*") long context,
            @Cast("double*") long sums,
            @Cast("const float*") long inp,
            @Cast("const morula_channels*") long[] shape);

    static native int morula_cuda_batch_norm_training(
            @Cast("morula_cuda_context*") long context,
            @Cast("float*") long terms,
            @Cast("const double*") long sums,
            @Cast("int64_t") long parts,
            @Cast("const float*") long inp,
            @Cast("const morula_batch_norm*") long[] layer,
            @Cast("const morula_channels*") long[] shape);

    static native int morula_cuda_batch_norm_evaluation(
            @Cast("morula_cuda_context*") long context,
            @Cast("float*") long terms,
            @Cast("const morula_batch_norm*") long[] layer,
            @Cast("int64_t") long channels);

    static native int morula_cuda_batch_norm_forward(
            @Cast("morula_cuda_context*") long context,
            @Cast("float*") long out,
            @Cast("const float*") long inp,
            @Cast("const float*") long terms,
            @Cast("const morula_channels*") long[] shape,
            int activation);

    static native int morula_cuda_batch_norm_backward_sums(
            @Cast("morula_cuda_context*") long context,
            @Cast("double*") long sums,
            @Cast("const float*") long dout,
            @Cast("const float*") long inp,
            @Cast("const float*") long out,
            @Cast("const float*") long terms,
            @Cast("const morula_channels*") long[] shape);

    static native int morula_cuda_batch_norm_gradients(
            @Cast("morula_cuda_context*") long context,
            @Cast("float*") long dscale,
            @Cast("float*") long dshift,
            @Cast("float*") long slopes,
            @Cast("const double*") long sums,
            @Cast("int64_t") long parts,
            @Cast("const float*") long terms,
            @Cast("const morula_channels*") long[] shape);

    static native int morula_cuda_batch_norm_backward_input(
            @Cast("morula_cuda_context*") long context,
            @Cast("float*") long dinp,
            @Cast("const float*") long dout,
            @Cast("const float*") long inp,
            @Cast("const float*") long out,
            @Cast("const float*") long terms,
            @Cast("const float*") long slopes,
            @Cast("const morula_channels*") long[] shape);

    static native int morula_cuda_max_pool(
            @Cast("morula_cuda_context*") long context,
            @Cast("float*") long out,
            @Cast("const float*") long inp,
            @Cast("const morula_pool*") long[] shape);

    static native int morula_cuda_max_pool_backward(
            @Cast("morula_cuda_context*") long context,
            @Cast("float*") long dinp,
            @Cast("const float*") long dout,
            @Cast("const float*") long inp,
            @Cast("const float*") long out,
            @Cast("const morula_pool*") long[] shape);

    static native int morula_cuda_average_pool(
            @Cast("morula_cuda_context*") long context,
            @Cast("float*") long out,
            @Cast("const float*") long inp,
            @Cast("const morula_pool*") long[] shape);

    static native int morula_cuda_average_pool_backward(
            @Cast("morula_cuda_context*") long context,
            @Cast("float*") long dinp,
            @Cast("const float*") long dout,
            @Cast("const morula_pool*") long[] shape);

    static native int morula_cuda_local_response_norm(
            @Cast("morula_cuda_context*") long context,
            @Cast("float*") long out,
            @Cast("const float*") long inp,
            @Cast("const morula_local_response*") long[] shape,
            @Cast("const morula_response_rule*") double[] rule);

    static native int morula_cuda_local_response_norm_backward(
            @Cast("morula_cuda_context*") long context,
            @Cast("float*") long dinp,
            @Cast("float*") long workspace,
            @Cast("const float*") long dout,
            @Cast("const float*") long inp,
            @Cast("const morula_local_response*") long[] shape,
            @Cast("const morula_response_rule*") double[] rule);

    static native int morula_cuda_dropout(
            @Cast("morula_cuda_context*") long context,
            @Cast("float*") long out,
            @Cast("const float*") long inp,
            @Cast("const int64_t*") long step,
            @Cast("const morula_dropout_draw*") long[] draw,
            double probability);

    static native int morula_cuda_relu(
            @Cast("morula_cuda_context*") long context,
            @Cast("float*") long out,
            @Cast("const float*") long inp,
            @Cast("int64_t") long first,
            @Cast("int64_t") long count);

    static native int morula_cuda_relu_backward(
            @Cast("morula_cuda_context*") long context,
            @Cast("float*") long dinp,
            @Cast("const float*") long dout,
            @Cast("const float*") long out,
            @Cast("int64_t") long first,
            @Cast("int64_t") long count);

    static native int morula_cuda_add(
            @Cast("morula_cuda_context*") long context,
            @Cast("float*") long out,
            @Cast("const float*") long left,
            @Cast("const float*") long right,
            @Cast("int64_t") long first,
            @Cast("int64_t") long count,
            int activation);

    static native int morula_cuda_copy_channels(
            @Cast("morula_cuda_context*") long context,
            @Cast("float*") long out,
            @Cast("const float*") long inp,
            @Cast("const morula_channel_copy*") long[] shape);

    static native int morula_cuda_transpose_samples(
            @Cast("morula_cuda_context*") long context,
            @Cast("float*") long out,
            @Cast("const float*") long inp,
            @Cast("const morula_sample_transposition*") long[] shape);

    static native int morula_cuda_softmax_cross_entropy(
            @Cast("morula_cuda_context*") long context,
            @Cast("float*") long dout,
            @Cast("float*") long losses,
            @Cast("int32_t*") long predicted,
            @Cast("const float*") long out,
            @Cast("const int32_t*") long labels,
            @Cast("const morula_loss*") long[] shape,
            double smoothing);

    static native int morula_cuda_mean_squared_error(
            @Cast("morula_cuda_context*") long context,
            @Cast("float*") long dout,
            @Cast("float*") long losses,
            @Cast("int32_t*") long predicted,
            @Cast("const float*") long out,
            @Cast("const int32_t*") long labels,
            @Cast("const morula_loss*") long[] shape);

    static native int morula_cuda_square_hinge(
            @Cast("morula_cuda_context*") long context,
            @Cast("float*") long dout,
            @Cast("float*") long losses,
            @Cast("int32_t*") long predicted,
            @Cast("const float*") long out,
            @Cast("const int32_t*") long labels,
            @Cast("const morula_loss*") long[] shape);

    static native int morula_cuda_sgd_steps(
            @Cast("morula_cuda_context*") long context,
            @Cast("const morula_cuda_parameter*") long[] parameters,
            @Cast("int64_t") long count,
            @Cast("const morula_sgd*") double[] rule,
            int variant);

    static native int morula_cuda_adam_steps(
            @Cast("morula_cuda_context*") long context,
            @Cast("const morula_cuda_parameter*") long[] parameters,
            @Cast("int64_t") long count,
            @Cast("const morula_adam*") double[] rule);

    static native int morula_cuda_gather_rows(
            @Cast("morula_cuda_context*") long context,
            @Cast("float*") long out,
            @Cast("const float*") long source,
            @Cast("const int32_t*") long indices,
            @Cast("int64_t") long count,
            @Cast("int64_t") long rows,
            @Cast("int64_t") long columns);

    static native int morula_cuda_gather_images(
            @Cast("morula_cuda_context*") long context,
            @Cast("float*") long out,
            @Cast("const float*") long source,
            @Cast("const int32_t*") long indices,
            @Cast("const int32_t*") long moves,
            @Cast("const morula_images*") long[] shape);

    // standardise and correlate

    static native int morula_cuda_moments_of(
            @Cast("morula_cuda_context*") long context,
            @Cast("morula_moments*") long moments,
            @Cast("const void*") long values,
            int type,
            @Cast("int64_t") long neurons,
            @Cast("int64_t") long samples,
            int metric);

    static native int morula_cuda_standardise_piece(
            @Cast("morula_cuda_context*") long context,
            @Cast("float*") long rows,
            @Cast("const morula_layer*") long[] layer,
            @Cast("const morula_neurons*") long[] neurons,
            @Cast("int64_t") long firstSample,
            @Cast("int64_t") long samples);

    static native void morula_cuda_panel_rows(
            @Cast("const morula_cuda_context*") long context, @Cast("int64_t*") long[] sizes);

    static native @Cast("int64_t") long morula_cuda_packed_bytes(
            @Cast("const morula_cuda_context*") long context,
            int side,
            @Cast("int64_t") long rows,
            @Cast("int64_t") long samples);

    static native int morula_cuda_pack(
            @Cast("morula_cuda_context*") long context,
            @Cast("void*") long panel,
            double[] error,
            @Cast("const morula_layer*") long[] layer,
            @Cast("const int32_t*") long neurons,
            @Cast("int64_t") long rows,
            int side);

    static native @Cast("int64_t") long morula_cuda_tile_workspace_bytes(
            @Cast("const morula_cuda_context*") long context);

    static native double morula_cuda_tile_bound(
            @Cast("const morula_cuda_context*") long context,
            double leftError,
            double rightError,
            @Cast("int64_t") long samples);

    static native int morula_cuda_correlate_tile(
            @Cast("morula_cuda_context*") long context,
            @Cast("int64_t*") long pairs,
            @Cast("int64_t*") long[] count,
            @Cast("void*") long workspace,
            @Cast("const morula_tile*") long[] tile,
            double cut,
            @Cast("int64_t") long capacity);

    static native int morula_cuda_screen_rows(
            @Cast("morula_cuda_context*") long context,
            @Cast("float*") long rows,
            double[] largest,
            @Cast("const float*") long projections,
            @Cast("const morula_screen*") long[] screen,
            @Cast("int64_t") long count,
            int side);

    static native int morula_cuda_pack_rows(
            @Cast("morula_cuda_context*") long context,
            @Cast("void*") long panel,
            @Cast("const float*") long rows,
            @Cast("int64_t") long count,
            @Cast("int64_t") long columns,
            int side);

    static native int morula_cuda_project(
            @Cast("morula_cuda_context*") long context,
            @Cast("float*") long projections,
            @Cast("const morula_layer*") long[] layer,
            @Cast("const morula_neurons*") long[] neurons,
            @Cast("const morula_basis*") long[] basis,
            @Cast("int64_t") long rows);

    static native double morula_cuda_projection_error(
            @Cast("const morula_cuda_context*") long context,
            @Cast("const morula_basis*") long[] basis,
            @Cast("int64_t") long samples);

    static native double morula_cuda_screen_bound(
            @Cast("const morula_cuda_context*") long context,
            @Cast("const morula_screen*") long[] screen,
            double largest);

    static native int morula_cuda_refine(
            @Cast("morula_cuda_context*") long context,
            @Cast("double*") long sums,
            @Cast("const int64_t*") long pairs,
            @Cast("int64_t") long count,
            @Cast("const float*") long rows,
            @Cast("int64_t") long samples);

    static native int morula_cuda_decide(
            @Cast("morula_cuda_context*") long context,
            @Cast("int64_t*") long pairs,
            @Cast("float*") long values,
            @Cast("int64_t*") long open,
            @Cast("int64_t*") long[] counts,
            @Cast("const morula_layer*") long[] layer,
            @Cast("const morula_selection*") long[] selection);
}
