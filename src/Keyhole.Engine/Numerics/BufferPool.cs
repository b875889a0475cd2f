namespace Keyhole.Engine.Numerics;

/// <summary>Buffers that were used and can be used again, by length: the system clears every page that it hands out anew. Thread-safe.</summary>
internal sealed class BufferPool : IDisposable
{
    private readonly Lock _lock = new();
    private readonly Dictionary<long, Stack<AlignedBuffer>> _free = [];
    private bool _disposed;

    /// <summary>A buffer of this length, with whatever stood in it.</summary>
    public AlignedBuffer Rent(long length)
    {
        lock (_lock)
        {
            if (_free.TryGetValue(length, out Stack<AlignedBuffer>? stack) && stack.TryPop(out AlignedBuffer? buffer))
            {
                return buffer;
            }
        }

        return new AlignedBuffer(length, cleared: false);
    }

    /// <summary>Takes a buffer back.</summary>
    public void Return(AlignedBuffer buffer)
    {
        lock (_lock)
        {
            if (!_disposed)
            {
                if (!_free.TryGetValue(buffer.Length, out Stack<AlignedBuffer>? stack))
                {
                    _free.Add(buffer.Length, stack = new Stack<AlignedBuffer>());
                }

                stack.Push(buffer);
                return;
            }
        }

        buffer.Dispose();
    }

    public void Dispose()
    {
        lock (_lock)
        {
            _disposed = true;
            foreach (AlignedBuffer buffer in _free.Values.SelectMany(stack => stack))
            {
                buffer.Dispose();
            }

            _free.Clear();
        }
    }
}
