using System.Text.RegularExpressions;
using Keyhole.TestSupport;
using Xunit;

namespace Keyhole.Tests.Mining;

/// <summary>Every code that models and mining refuse with has its line in the documentation, and every line its code.</summary>
public class ErrorPageTests
{
    [Theory]
    [InlineData("models.md", "KH3[0-9]{3}", "Keyhole.Engine/Models", "Keyhole.Engine/Capture", "Keyhole.Engine/Numerics")]
    [InlineData("mining.md", "KH(?:50|75)[0-9]{2}", "Keyhole/Mining")]
    [InlineData("verification.md", "KH59[0-9]{2}", "Keyhole/Verification")]
    [InlineData("annotation.md", "KH54[0-9]{2}", "Keyhole/Annotations")]
    [InlineData("composition.md", "KH53[0-9]{2}", "Keyhole/Composition", "Keyhole/Prompts")]
    [InlineData("claims.md", "KH78[0-9]{2}", "Keyhole/Claiming")]
    [InlineData("patterns.md", "KH77[0-9]{2}", "Keyhole/Patterns", "Keyhole.Cli/Commands")]
    [InlineData("web.md", "KH71[0-9]{2}", "Keyhole/Interventions", "Keyhole/Debugging", "Keyhole.Web/Prompts")]
    public void Codes_and_pages_agree(string page, string pattern, params string[] folders)
    {
        string source = Path.Combine(SharedData.Repository, "src");
        string[] codes = [.. folders
            .SelectMany(folder => Directory.GetFiles(Path.Combine(source, folder), "*.cs", SearchOption.AllDirectories))
            .SelectMany(file => Regex.Matches(File.ReadAllText(file), $"\"({pattern})\""))
            .Select(match => match.Groups[1].Value).Distinct().Order()];
        string[] explained = [.. Regex.Matches(File.ReadAllText(Path.Combine(SharedData.Repository, "docs", "errors", page)), $@"^\| ({pattern}) \|", RegexOptions.Multiline).Select(match => match.Groups[1].Value)];
        Assert.NotEmpty(codes);
        Assert.Equal(codes, explained);
    }
}
