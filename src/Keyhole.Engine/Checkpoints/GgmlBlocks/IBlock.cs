namespace Keyhole.Engine.Checkpoints.GgmlBlocks;

/// <summary>A block format of GGML. Its implementations are empty structs, so that the loop over blocks is compiled for each.</summary>
internal interface IBlock
{
    /// <summary>Elements of a block.</summary>
    static abstract int Elements { get; }

    /// <summary>Bytes of a block.</summary>
    static abstract int Bytes { get; }

    /// <summary>Decodes one block.</summary>
    static abstract void Decode(ReadOnlySpan<byte> block, Span<float> values);
}
