using System.Diagnostics;
using System.Globalization;
using Keyhole.Engine;
using Keyhole.Engine.Models;
using Keyhole.TestSupport;

namespace Keyhole.Fuzz;

/// <summary>Damages inputs, opens them one after the other, and watches time and memory.</summary>
public sealed class Fuzzer
{
    private const double GiveUpSeconds = 60;
    private const long LeastAllowedBytes = 8L << 20;
    private const long MostAllowedBytes = 64L << 20;
    private const long SmallInputBytes = 128 << 10;
    private const int AllowedTimes = 50;
    private const int LongestSentence = 16_384;   // a hundred names of a hundred characters

    // Refusals of a text or of ids, which no file is to blame for.
    private static readonly string[] s_ofNoFile = ["KH2007", "KH2008", "KH2009", "KH3007", "KH3008", "KH3010"];

    private readonly FuzzOptions _options;
    private readonly FuzzReport _report = new();
    private readonly Action<string> _say;
    private volatile string _current = "";
    private long _started;
    private long _resident;

    private Fuzzer(FuzzOptions options, Action<string> say)
    {
        _options = options;
        _say = say;
    }

    /// <summary>Runs until the count is reached; a case that hangs for a minute ends the run.</summary>
    /// <param name="options">What is done.</param>
    /// <param name="say">Told of faults as they come up, and of progress.</param>
    public static FuzzReport Run(FuzzOptions options, Action<string> say)
    {
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(say);
        var fuzzer = new Fuzzer(options, say);
        Exception? failure = null;
        var worker = new Thread(() =>
        {
            try
            {
                fuzzer.RunCases();
            }
            catch (Exception error)
            {
                failure = error;   // of the fuzzer itself: those of readers are results
            }
        })
        { IsBackground = true, Name = "fuzz" };
        worker.Start();
        while (!worker.Join(TimeSpan.FromSeconds(1)))
        {
            double seconds = Stopwatch.GetElapsedTime(Interlocked.Read(ref fuzzer._started)).TotalSeconds;
            if (fuzzer._current.Length > 0 && seconds > GiveUpSeconds)
            {
                fuzzer._report.Fault(string.Create(CultureInfo.InvariantCulture, $"Hung: case {fuzzer._current} has not ended after {seconds:F0} s; the run ends here."));
                return fuzzer._report;
            }
        }
        return failure is null ? fuzzer._report : throw new InvalidOperationException("The fuzzer itself has failed.", failure);
    }

    private void RunCases()
    {
        using var root = new TemporaryFolder();
        _say($"the case under way stands in {root.File("case")}, should the process end");
        Seed[] seeds = Usable([.. Seeds.All(_options.Files, root).Where(seed => _options.Only is null || seed.Name.Contains(_options.Only, StringComparison.Ordinal))], root);
        _resident = Resident();
        foreach ((string name, Seed seed) in Crafted.All(root).Where(crafted => _options.Only is null || crafted.Name.Contains(_options.Only, StringComparison.Ordinal)))
        {
            if (_options.Case is null || _options.Case == name)
            {
                var folder = new CaseFolder(seed, root, name);
                RunCase(root, name, seed, folder, seed.Damaged[0], seed.Files[seed.Damaged[0]]);
            }
        }
        CaseFolder[] folders = [.. seeds.Select((seed, i) => new CaseFolder(seed, root, string.Create(CultureInfo.InvariantCulture, $"seed-{i}")))];
        Dictionary<string, FileMutator>[] mutators = [.. seeds.Select(seed => seed.Damaged.ToDictionary(file => file, file => new FileMutator(file, seed.Files[file])))];
        bool one = long.TryParse(_options.Case, NumberStyles.None, CultureInfo.InvariantCulture, out long only);
        long from = one ? only : 0;
        long to = one ? only + 1 : _options.Case is null && seeds.Length > 0 ? _options.Count : 0;
        for (long number = from; number < to; number++)
        {
            var random = new Random(HashCode(number));
            int at = (int)(number % seeds.Length);
            Seed seed = seeds[at];
            string file = seed.Damaged[random.Next(seed.Damaged.Count)];
            byte[] bytes = mutators[at][file].Mutate(random);
            RunCase(root, number.ToString(CultureInfo.InvariantCulture), seed, folders[at], file, bytes);
            if (one)
            {
                File.WriteAllBytes(Path.GetFileName(file), bytes);
                _say($"the damaged file is written to {Path.GetFullPath(Path.GetFileName(file))}");
            }
            if ((number + 1) % 10_000 == 0)
            {
                _say(string.Create(CultureInfo.InvariantCulture, $"{number + 1:N0} cases, {_report.Faults.Count} faults"));
            }
        }
        _report.PeakResidentBytes = Resident();
    }

    // A seed that is refused as it stands would hide everything behind the refusal.
    private Seed[] Usable(Seed[] seeds, TemporaryFolder root)
    {
        var usable = new List<Seed>();
        foreach (Seed seed in seeds)
        {
            (Outcome outcome, _, string detail) = Read(seed, new CaseFolder(seed, root, string.Create(CultureInfo.InvariantCulture, $"whole-{usable.Count}-{_report.LeftOut.Count}")));
            if (outcome == Outcome.Opened)
            {
                usable.Add(seed);
            }
            else
            {
                _report.LeaveOut($"{seed.Name}: {detail}");
            }
        }
        return [.. usable];
    }

    private void RunCase(TemporaryFolder root, string name, Seed seed, CaseFolder folder, string file, byte[] bytes)
    {
        File.WriteAllText(root.File("case"), name);
        folder.Damage(file, bytes);
        (CaseResult result, string? code) = Measure(name, seed, folder, file, bytes.Length);
        if (result.Seconds > _options.HangSeconds)
        {
            (CaseResult again, _) = Measure(name, seed, folder, file, bytes.Length);
            result = again.Seconds > _options.HangSeconds ? again with { Outcome = Outcome.Hung } : again;   // once may be the machine's doing
        }
        long resident = Resident();
        if (_options.WatchesResidentMemory && !result.IsFault && resident - _resident > MostAllowedBytes)
        {
            result = result with { Outcome = Outcome.Outsized, Detail = string.Create(CultureInfo.InvariantCulture, $"resident memory rose by {(resident - _resident) / 1e6:F0} MB. {result.Detail}") };
        }
        _resident = Math.Max(_resident, resident);
        if (result.IsFault)
        {
            _say(result.ToString());
        }
        _report.Add(seed.Reader, result, code);
    }

    private (CaseResult Result, string? Code) Measure(string name, Seed seed, CaseFolder folder, string file, long damagedBytes)
    {
        long allocated = GC.GetAllocatedBytesForCurrentThread();
        Interlocked.Exchange(ref _started, Stopwatch.GetTimestamp());
        _current = name;
        (Outcome outcome, string? code, string detail) = Read(seed, folder);
        _current = "";
        double seconds = Stopwatch.GetElapsedTime(_started).TotalSeconds;
        allocated = GC.GetAllocatedBytesForCurrentThread() - allocated;
        long bytes = seed.TotalBytes - seed.Files[file].Length + damagedBytes;
        long allowed = bytes > SmallInputBytes ? MostAllowedBytes : Math.Max(AllowedTimes * bytes, LeastAllowedBytes);
        outcome = outcome <= Outcome.Opened && allocated > allowed ? Outcome.Outsized : outcome;
        return (new CaseResult(name, seed.Name, file, outcome, seconds, allocated, detail), code);
    }

    private static (Outcome, string? Code, string Detail) Read(Seed seed, CaseFolder folder)
    {
        try
        {
            seed.Reader.Read(folder.Target);
            return (Outcome.Opened, null, "");
        }
        catch (InputRefusedException refused)
        {
            bool named = refused.Code is ['K', 'H', _, _, _, _] && (folder.IsNamedIn(refused.Message) || s_ofNoFile.Contains(refused.Code));
            return (!named ? Outcome.Nameless : refused.Message.Length > LongestSentence ? Outcome.Wordy : Outcome.Refused, refused.Code, $"{refused.Code}: {refused.Message[..Math.Min(refused.Message.Length, 400)]}");
        }
        catch (NotFiniteException notFinite)
        {
            return (Outcome.Refused, "KH6008", notFinite.Message);
        }
        catch (Exception crash)
        {
            return (Outcome.Crashed, null, crash.ToString());
        }
    }

    private int HashCode(long number) => unchecked((int)(((ulong)number * 0x9E3779B97F4A7C15UL) >> 33) ^ (_options.Seed * 0x2545F491));

    private static long Resident()
    {
        using var process = Process.GetCurrentProcess();
        return process.PeakWorkingSet64;
    }
}
