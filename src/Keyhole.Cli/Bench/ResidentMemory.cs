using System.Buffers.Text;

namespace Keyhole.Cli.Bench;

/// <summary>Watches the memory that the process itself holds, mapped file pages apart (<c>RssAnon</c>; Linux only). Looking takes no memory of its own, however long it goes on.</summary>
internal sealed class ResidentMemory : IDisposable
{
    private const int MostBytes = 4096;   // of the file, which has some 1,500
    private readonly Lock _looking = new();
    private readonly FileStream? _status = OperatingSystem.IsLinux() ? new FileStream("/proc/self/status", FileMode.Open, FileAccess.Read, FileShare.Read, bufferSize: 0) : null;
    private readonly byte[] _text = new byte[MostBytes];
    private readonly Timer _timer;
    private long _peak;

    /// <summary>Looks now, and from now on.</summary>
    public ResidentMemory()
    {
        Look();
        _timer = new Timer(_ => Look(), null, TimeSpan.Zero, TimeSpan.FromMilliseconds(50));
    }

    /// <summary>The most bytes seen; 0 where the system does not tell.</summary>
    public long Peak => Interlocked.Read(ref _peak);

    /// <inheritdoc/>
    public void Dispose()
    {
        _timer.Dispose();
        lock (_looking)
        {
            _status?.Dispose();
        }
    }

    /// <summary>Looks once.</summary>
    public void Look()
    {
        lock (_looking)
        {
            if (_status is { CanRead: true })
            {
                Interlocked.Exchange(ref _peak, Math.Max(_peak, HeldBytes(_text.AsSpan(0, RandomAccess.Read(_status.SafeFileHandle, _text, 0)))));
            }
        }
    }

    /// <summary>The bytes that a <c>/proc/PID/status</c> tells under <c>RssAnon</c>; 0 where it does not.</summary>
    public static long HeldBytes(ReadOnlySpan<byte> status)
    {
        ReadOnlySpan<byte> name = "\nRssAnon:"u8;
        int at = status.IndexOf(name);
        return at >= 0 && Utf8Parser.TryParse(status[(at + name.Length)..].TrimStart(" \t"u8), out long kibibytes, out _) ? kibibytes * 1024 : 0;
    }
}
