namespace Keyhole.Web.Serving;

/// <summary>Where faults of the program itself are told: a bounded number of them, for a request may be repeated without end.</summary>
/// <param name="tell">Receives each.</param>
internal sealed class FaultLog(Action<Exception> tell)
{
    private const int Most = 100;
    private int _told;

    /// <summary>How many there were.</summary>
    public int Count => Volatile.Read(ref _told);

    /// <summary>Tells one.</summary>
    public void Report(Exception fault)
    {
        if (Interlocked.Increment(ref _told) <= Most)
        {
            tell(fault);
        }
    }
}
