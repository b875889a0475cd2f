namespace Keyhole.Corpora;

/// <summary>Some bytes, a stream, and some bytes more.</summary>
internal sealed class JoinedStream(byte[] before, Stream middle, byte[] after) : ForwardStream
{
    private int _before;
    private int _after;
    private bool _middleEnded;

    public override int Read(Span<byte> buffer)
    {
        int count = Copy(before, ref _before, buffer);
        if (count > 0) return count;
        if (!_middleEnded)
        {
            count = middle.Read(buffer);
            if (count > 0) return count;
            _middleEnded = true;
        }

        return Copy(after, ref _after, buffer);
    }

    private static int Copy(byte[] from, ref int given, Span<byte> buffer)
    {
        int count = Math.Min(buffer.Length, from.Length - given);
        from.AsSpan(given, count).CopyTo(buffer);
        given += count;
        return count;
    }
}
