using System.Security.Cryptography;
using System.Text;
using Keyhole.Studies;
using Keyhole.Studies.Analysis;

namespace Keyhole.Web.Serving;

/// <summary>What changes when a study is mined or analysed anew, as an entity tag: a study is decided by its provenance, an analysis by its options.</summary>
internal static class StudyTag
{
    /// <summary>The tag of a study as it is now.</summary>
    /// <param name="study">The study.</param>
    public static string Of(Study study)
    {
        StudyProvenance from = study.Provenance;
        var text = new StringBuilder().AppendJoin('\n', from.WeightsSha256, from.CorpusSha256, from.TokenizerSha256, from.Run.Finished.ToString("O"), study.UnitCount).Append('\n');
        foreach (string section in AnalysisSections.WithCompat)
        {
            text.Append(section).Append('\n').AppendJoin('\n', (AnalysisSections.Read(study, section) ?? new Dictionary<string, string>()).Select(option => $"{option.Key}={option.Value}")).Append('\n');
        }

        return $"\"{Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text.ToString())))[..32]}\"";
    }
}
