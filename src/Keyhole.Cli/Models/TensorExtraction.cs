using Keyhole.Engine.Checkpoints;

namespace Keyhole.Cli.Models;

/// <summary>Copies one tensor of a checkpoint into a safetensors file.</summary>
internal static class TensorExtraction
{
    private const int PieceElements = 1 << 20;

    /// <summary>Writes the tensor under its own name: numbers that can be read as floats as F32 (exact, or dequantised), others with the type and bytes they have.</summary>
    /// <exception cref="Engine.InputRefusedException">The storage type is not known.</exception>
    /// <exception cref="IOException">The file cannot be written; nothing is left behind.</exception>
    public static void Write(Checkpoint checkpoint, TensorInfo tensor, string path, CancellationToken stop)
    {
        bool asStored = tensor.Type is StorageType.F64 or StorageType.Bool or StorageType.I8 or StorageType.I16 or StorageType.I32 or StorageType.I64
            or StorageType.U8 or StorageType.U16 or StorageType.U32 or StorageType.U64;
        if (!asStored)
        {
            checkpoint.RequireReadable(tensor);
        }
        using SafetensorsOutput output = SafetensorsWriter.Create(path, [new TensorDeclaration(tensor.Name, asStored ? tensor.Type : StorageType.F32, tensor.Shape)]);
        if (asStored)
        {
            CopyBytes(checkpoint, tensor, output, stop);
        }
        else
        {
            CopyFloats(checkpoint, tensor, output, stop);
        }
        output.Complete();
    }

    private static void CopyFloats(Checkpoint checkpoint, TensorInfo tensor, SafetensorsOutput output, CancellationToken stop)
    {
        float[] piece = new float[(int)Math.Min(PieceElements, tensor.ElementCount)];
        for (long start = 0; start < tensor.ElementCount; start += piece.Length)
        {
            stop.ThrowIfCancellationRequested();
            Span<float> values = piece.AsSpan(0, (int)Math.Min(piece.Length, tensor.ElementCount - start));
            checkpoint.ReadFloats(tensor, start, values);
            output.Write<float>(tensor.Name, values);
        }
    }

    private static void CopyBytes(Checkpoint checkpoint, TensorInfo tensor, SafetensorsOutput output, CancellationToken stop)
    {
        for (long start = 0; start < tensor.ByteLength; start += PieceElements)
        {
            stop.ThrowIfCancellationRequested();
            output.WriteBytes(tensor.Name, checkpoint.RawBytes(tensor, start, (int)Math.Min(PieceElements, tensor.ByteLength - start)));
        }
    }
}
