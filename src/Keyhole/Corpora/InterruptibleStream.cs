namespace Keyhole.Corpora;

/// <summary>A stream whose reads end at once when the reading is stopped, though a pipe or a terminal may keep them waiting for ever.</summary>
internal sealed class InterruptibleStream(Stream inner, CancellationToken cancellation) : ForwardStream
{
    private readonly byte[] _read = new byte[64 * 1024];

    /// <exception cref="OperationCanceledException">The reading was stopped; the wait itself cannot be, and is left behind on a thread that holds nothing up.</exception>
    public override int Read(Span<byte> buffer)
    {
        int wanted = Math.Min(buffer.Length, _read.Length);
        Task<int> read = Task.Run(() => inner.Read(_read.AsSpan(0, wanted)), CancellationToken.None);
        Task.WaitAny([read], cancellation);
        int count = read.GetAwaiter().GetResult();
        _read.AsSpan(0, count).CopyTo(buffer);
        return count;
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            inner.Dispose();
        }

        base.Dispose(disposing);
    }
}
