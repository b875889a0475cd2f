using Keyhole.Compat;
using Keyhole.Exports;
using Keyhole.Memories;
using Keyhole.Mining;
using Keyhole.Studies;
using Keyhole.TestSupport;
using Keyhole.Tests.Mining;
using Xunit;

namespace Keyhole.Tests.Compat;

/// <summary>Studies mined to be compared with the released code's runs, and their trigger files.</summary>
public sealed class CompatMiningTests : IDisposable
{
    private readonly TinyRun _tiny = new();

    public void Dispose() => _tiny.Dispose();

    [Fact]
    public void The_option_is_kept_and_changes_no_byte_of_other_studies_or_memories()
    {
        MiningOptions options = Options(8);
        using Study plain = TinyRun.Mine(options);
        using Study compat = TinyRun.Mine(options with { Output = options.Output + "-compat", Compat = CompatMode.FfLayers });
        Assert.False(plain.Provenance.Options.ContainsKey("compat"));
        Assert.Equal(plain.Provenance.Options.Add("compat", "ff-layers"), compat.Provenance.Options);
        Assert.Equal(plain.Memories().SelectMany(memory => memory.Positive), compat.Memories().SelectMany(memory => memory.Positive));
    }

    [Fact]
    public void Short_lists_are_filled_up_as_the_codes_tables_begin()
    {
        MiningOptions options = Options(100);   // more than there are texts
        using Study plain = TinyRun.Mine(options);
        using Study compat = TinyRun.Mine(options with { Output = options.Output + "-compat", Compat = CompatMode.FfLayers });
        FfLayersExport.Write(plain, Path.Combine(_tiny.Folder, "plain"), new ExportOptions(), TestContext.Current.CancellationToken);
        FfLayersExport.Write(compat, Path.Combine(_tiny.Folder, "compat"), new ExportOptions(), TestContext.Current.CancellationToken);
        foreach (MemoryRecord memory in compat.Memories())
        {
            string name = Path.Combine(FfLayersExport.TextFolder, $"{memory.Id.Index}_{memory.Id.Layer}.txt");
            string[] found = File.ReadAllLines(Path.Combine(_tiny.Folder, "plain", name));
            string[] filled = File.ReadAllLines(Path.Combine(_tiny.Folder, "compat", name));
            Assert.Equal(memory.Positive.Length, found.Length);
            Assert.Equal(100, filled.Length);
            Assert.Equal(found, filled[..found.Length]);
            Assert.All(filled[found.Length..], line => Assert.Equal("0\t*a*", line));   // the first sentence is "a"
        }

        string last = File.ReadLines(Path.Combine(_tiny.Folder, "compat", FfLayersExport.File)).First();
        Assert.EndsWith("""{"rank":99,"layer_index":1,"token_indice":0,"fc1_value":0,"text":"a"}]]}""", last, StringComparison.Ordinal);
    }

    private MiningOptions Options(int top)
    {
        string model = _tiny.Model(TinyModel.Opt(memories: 6));
        return _tiny.Options(model, _tiny.Corpus(TinyRun.Lines)) with { Rules = new MiningRules { Top = top, FirstPosition = true } };
    }
}
