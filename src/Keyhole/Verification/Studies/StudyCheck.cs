namespace Keyhole.Verification.Studies;

/// <summary>One thing that was checked of a study.</summary>
public sealed class StudyCheck
{
    private const int MostNamed = 5;

    private readonly List<string> _differences = [];

    internal StudyCheck(string name) => Name = name;

    /// <summary>What was checked, in a few words.</summary>
    public string Name { get; }

    /// <summary>How many things were looked at.</summary>
    public long Examined { get; internal set; }

    /// <summary>How many of them were not as they should be.</summary>
    public long Failures { get; private set; }

    /// <summary>The first failures: what it is about, and both values.</summary>
    public IReadOnlyList<string> Differences => _differences;

    /// <summary>Why it was not checked, or what its figure is about; empty where there is nothing to say.</summary>
    public string Note { get; internal set; } = string.Empty;

    /// <summary>Whether it was checked at all.</summary>
    public bool WasDone { get; internal set; } = true;

    /// <summary>Counts a failure.</summary>
    /// <param name="difference">What it is about, and both values.</param>
    internal void Fail(string difference)
    {
        Failures++;
        if (_differences.Count < MostNamed)
        {
            _differences.Add(difference);
        }
    }

    /// <summary>Counts a thing that was looked at, and a failure where it is not as it should be.</summary>
    internal void Expect(bool holds, Func<string> difference)
    {
        Examined++;
        if (!holds)
        {
            Fail(difference());
        }
    }

    /// <summary>Says that it cannot be checked.</summary>
    internal void LeaveOut(string why)
    {
        WasDone = false;
        Note = why;
    }
}
