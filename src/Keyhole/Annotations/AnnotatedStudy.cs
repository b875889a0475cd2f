using System.Security.Cryptography;
using System.Text;
using Keyhole.Exports;
using Keyhole.Studies;

namespace Keyhole.Annotations;

/// <summary>What names the study that annotations belong to: studies of the same model, tokenizer, corpus and options have the same lists.</summary>
internal static class AnnotatedStudy
{
    /// <summary>Names and values, in order.</summary>
    public static IEnumerable<(string Name, string Value)> Identity(StudyProvenance provenance)
    {
        yield return ("weightsSha256", provenance.WeightsSha256);
        yield return ("tokenizerSha256", provenance.TokenizerSha256);
        yield return ("corpusSha256", provenance.CorpusSha256);
        string options = string.Join('\n', provenance.Options.Select(option => $"{option.Key}={option.Value}"));
        yield return ("optionsSha256", Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(options))));
        yield return ("part", provenance.Shard is { } shard ? StudyShardText.Of(shard) : "whole");
    }
}
