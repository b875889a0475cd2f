using System.Globalization;
using Keyhole.Fuzz;

var options = new FuzzOptions();
for (int i = 0; i < args.Length; i += 2)
{
    if (i + 1 == args.Length)
    {
        return Usage(args[i]);
    }
    string value = args[i + 1];
    switch (args[i])
    {
        case "--files": options = options with { Files = value }; break;
        case "--case": options = options with { Case = value }; break;
        case "--only": options = options with { Only = value }; break;
        case "--count" when long.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out long count): options = options with { Count = count }; break;
        case "--seed" when int.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out int seed): options = options with { Seed = seed }; break;
        default: return Usage($"{args[i]} {value}");
    }
}
FuzzReport report = Fuzzer.Run(options, Console.Error.WriteLine);
report.Write(Console.Out);
return report.Faults.Count == 0 ? 0 : 1;

static int Usage(string word)
{
    Console.Error.WriteLine($"'{word}' is not understood. Usage: keyhole-fuzz [--count N] [--seed N] [--files FOLDER] [--only NAME] [--case N]");
    return 2;
}
