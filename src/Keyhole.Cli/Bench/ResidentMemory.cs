using System.Globalization;

namespace Keyhole.Cli.Bench;

/// <summary>Watches the memory that the process itself holds, mapped file pages apart (<c>RssAnon</c>; Linux only).</summary>
internal sealed class ResidentMemory : IDisposable
{
    private readonly Timer _timer;
    private long _peak;

    public ResidentMemory() => _timer = new Timer(_ => Look(), null, TimeSpan.Zero, TimeSpan.FromMilliseconds(50));

    /// <summary>The most bytes seen; 0 where the system does not tell.</summary>
    public long Peak => Interlocked.Read(ref _peak);

    public void Dispose() => _timer.Dispose();

    private void Look()
    {
        const string Name = "RssAnon:";
        if (!OperatingSystem.IsLinux() || File.ReadLines("/proc/self/status").FirstOrDefault(line => line.StartsWith(Name, StringComparison.Ordinal)) is not { } line)
        {
            return;
        }

        long bytes = long.Parse(line.AsSpan(Name.Length).Trim().ToString().Split(' ')[0], CultureInfo.InvariantCulture) * 1024;
        if (bytes > Peak)
        {
            Interlocked.Exchange(ref _peak, bytes);
        }
    }
}
