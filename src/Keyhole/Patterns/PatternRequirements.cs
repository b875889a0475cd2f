using Keyhole.Engine;
using Keyhole.Studies;

namespace Keyhole.Patterns;

/// <summary>What a search for patterns needs.</summary>
internal static class PatternRequirements
{
    /// <summary>The layers to search.</summary>
    /// <exception cref="InputRefusedException">KH7702: one was not mined; KH7704: an option is out of its bounds.</exception>
    public static IReadOnlyList<int> LayersOf(Study study, PatternOptions options)
    {
        if (options.Decoys is < PatternOptions.LeastDecoys or > PatternOptions.MostDecoys)
        {
            throw new InputRefusedException("KH7704", $"patterns: decoys of a layer: {options.Decoys} was given where {PatternOptions.LeastDecoys} to {PatternOptions.MostDecoys} is expected.");
        }

        if (options.Rate is not (> 0 and < 1))
        {
            throw new InputRefusedException("KH7704", FormattableString.Invariant($"patterns: false-discovery rate: {options.Rate} was given where a number between 0 and 1 is expected."));
        }

        IReadOnlyList<int> mined = StudyMemories.LayersOf(study);
        return options.Layers is not { } asked ? mined
            : asked.FirstOrDefault(layer => !mined.Contains(layer), -1) is >= 0 and var missing
            ? throw new InputRefusedException("KH7702", $"{study.FilePath}: patterns: layer {missing} was asked for, and the study has layers {string.Join(", ", mined)}.")
            : [.. asked.Distinct().Order()];
    }

    /// <summary>Studies of nulls are of the study's texts, in its tokens.</summary>
    /// <exception cref="InputRefusedException">KH7703: one is not.</exception>
    public static void Check(Study study, IReadOnlyList<(string Name, Study Study)> nulls)
    {
        foreach ((_, Study other) in nulls)
        {
            if (other.Provenance.CorpusSha256 != study.Provenance.CorpusSha256 || other.Provenance.TokenizerSha256 != study.Provenance.TokenizerSha256 || other.UnitCount != study.UnitCount)
            {
                throw new InputRefusedException("KH7703", $"{other.FilePath}: --null: this study is of other texts or tokens than {study.FilePath}; make it with 'keyhole mine --null' and the options of that one.");
            }
        }
    }
}
