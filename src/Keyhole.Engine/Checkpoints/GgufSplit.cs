using System.Globalization;
using System.Text.RegularExpressions;

namespace Keyhole.Engine.Checkpoints;

/// <summary>GGUF models in several files, <c>NAME-00001-of-00003.gguf</c> and so on; metadata <c>split.no</c> and <c>split.count</c> say which part a file is.</summary>
internal static partial class GgufSplit
{
    /// <summary>Paths of all parts in order; null where the file is not one of several.</summary>
    /// <exception cref="InputRefusedException">The name does not follow the rule, or parts are missing; all missing ones are listed.</exception>
    public static IReadOnlyList<string>? Parts(string path, OrderedDictionary<string, object> metadata)
    {
        if (!metadata.TryGetValue("split.count", out object? value) || value is not ushort count || count <= 1)
        {
            return null;
        }
        Match name = PartName().Match(Path.GetFileName(path));
        if (!name.Success || int.Parse(name.Groups[2].ValueSpan, CultureInfo.InvariantCulture) != count)
        {
            throw new InputRefusedException(CheckpointCodes.MissingShards, string.Create(CultureInfo.InvariantCulture,
                $"'{path}' is one of {count} parts of a split model, whose names must end in -00001-of-{count:00000}.gguf and so on; give the file its own name back."));
        }
        string folder = Path.GetDirectoryName(path) ?? "";
        string[] parts = [.. Enumerable.Range(1, count).Select(number => Path.Combine(folder, string.Create(CultureInfo.InvariantCulture, $"{name.Groups[1].Value}-{number:00000}-of-{count:00000}.gguf")))];
        string[] missing = [.. parts.Where(part => !File.Exists(part)).Select(part => Path.GetFileName(part))];
        return missing.Length == 0 ? parts : throw new InputRefusedException(CheckpointCodes.MissingShards, string.Create(CultureInfo.InvariantCulture,
            $"'{path}' is one of {count} parts, and {missing.Length} of them are not beside it: {Naming.List(missing)}; copy or download them too."));
    }

    /// <summary>Checks that a part says itself that it is that part.</summary>
    public static void RequirePart(string path, OrderedDictionary<string, object> metadata, int index, int count)
    {
        object? number = metadata.GetValueOrDefault("split.no");
        object? of = metadata.GetValueOrDefault("split.count");
        if (number is not ushort no || no != index || of is not ushort total || total != count)
        {
            throw new InputRefusedException(CheckpointCodes.MissingShards, string.Create(CultureInfo.InvariantCulture,
                $"'{path}' should be part {index} of {count} (counted from 0), and its metadata (split.no, split.count) says part {number ?? "none"} of {of ?? "none"}; give the parts their own names back."));
        }
    }

    [GeneratedRegex(@"^(.*)-[0-9]{5}-of-([0-9]{5})\.gguf$", RegexOptions.CultureInvariant)]
    private static partial Regex PartName();
}
