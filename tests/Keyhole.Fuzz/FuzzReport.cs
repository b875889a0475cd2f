using System.Globalization;

namespace Keyhole.Fuzz;

/// <summary>What a run found.</summary>
public sealed class FuzzReport
{
    private const int MostFaults = 200;
    private readonly Dictionary<Outcome, long> _counts = [];
    private readonly SortedDictionary<string, long> _codes = new(StringComparer.Ordinal);
    private readonly SortedDictionary<string, (long Cases, long Opened, CaseResult Slowest, CaseResult Largest)> _readers = new(StringComparer.Ordinal);
    private readonly List<string> _faults = [];
    private readonly List<string> _leftOut = [];

    /// <summary>Damaged inputs that were opened.</summary>
    public long Cases => _counts.Values.Sum();

    /// <summary>Inputs that were refused with a code and a file's name.</summary>
    public long Refused => _counts.GetValueOrDefault(Outcome.Refused);

    /// <summary>Inputs that could be read to the end all the same.</summary>
    public long Opened => _counts.GetValueOrDefault(Outcome.Opened);

    /// <summary>What must not be, the first 200.</summary>
    public IReadOnlyList<string> Faults => _faults;

    /// <summary>Inputs that are refused undamaged, with the reason: nothing is learned from them.</summary>
    public IReadOnlyList<string> LeftOut => _leftOut;

    /// <summary>Resident bytes of the process at their highest.</summary>
    public long PeakResidentBytes { get; internal set; }

    /// <summary>The counts, by reader too, the slowest and the largest.</summary>
    public void Write(TextWriter output)
    {
        ArgumentNullException.ThrowIfNull(output);
        output.WriteLine(string.Join(", ", Enum.GetValues<Outcome>().Select(outcome => string.Create(CultureInfo.InvariantCulture, $"{_counts.GetValueOrDefault(outcome):N0} {outcome.ToString().ToLowerInvariant()}"))));
        foreach ((string reader, (long cases, long opened, CaseResult slowest, CaseResult largest)) in _readers)
        {
            output.WriteLine(string.Create(CultureInfo.InvariantCulture,
                $"{reader}: {cases:N0} cases, {opened:N0} opened; slowest {slowest.Seconds * 1e3:N0} ms (case {slowest.Case}, {slowest.Seed}); most allocated {largest.AllocatedBytes / 1e6:N1} MB (case {largest.Case}, {largest.Seed})"));
        }
        output.WriteLine($"codes: {string.Join(", ", _codes.Select(code => string.Create(CultureInfo.InvariantCulture, $"{code.Key} {code.Value:N0}")))}");
        output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"resident at most {PeakResidentBytes / 1e6:N0} MB"));
        foreach (string left in _leftOut)
        {
            output.WriteLine($"left out: {left}");
        }
        foreach (string fault in _faults)
        {
            output.WriteLine(fault);
        }
    }

    internal void Add(InputReader reader, CaseResult result, string? code)
    {
        _counts[result.Outcome] = _counts.GetValueOrDefault(result.Outcome) + 1;
        if (code is not null)
        {
            _codes[code] = _codes.GetValueOrDefault(code) + 1;
        }
        (long cases, long opened, CaseResult slowest, CaseResult largest) = _readers.GetValueOrDefault(reader.Name, (0, 0, result, result));
        _readers[reader.Name] = (cases + 1, opened + (result.Outcome == Outcome.Opened ? 1 : 0), result.Seconds > slowest.Seconds ? result : slowest, result.AllocatedBytes > largest.AllocatedBytes ? result : largest);
        if (result.IsFault)
        {
            Fault(result.ToString());
        }
    }

    internal void LeaveOut(string input) => _leftOut.Add(input);

    internal void Fault(string fault)
    {
        if (_faults.Count < MostFaults)
        {
            _faults.Add(fault);
        }
    }
}
