using Keyhole.Engine.Models;
using Keyhole.Engine.Tokens;
using Keyhole.TestSupport;
using Xunit;

namespace Keyhole.Benchmarks.Tests;

public sealed class WidthShapeTests
{
    [Theory]
    [InlineData(64)]
    [InlineData(128)]
    public void A_model_has_its_width_and_four_times_as_many_memories(int width)
    {
        using var folder = new TemporaryFolder();
        WidthShape.Write(folder.File("a"), width);
        WidthShape.Write(folder.File("b"), width);
        foreach (string file in (string[])["config.json", "tokenizer.json", "model.safetensors"])
        {
            Assert.Equal(File.ReadAllBytes(folder.File("a", file)), File.ReadAllBytes(folder.File("b", file)));
        }

        using Model model = Model.Open(folder.File("a"));
        Assert.Equal((2, width, 1000), (model.Spec.LayerCount, model.Spec.Width, model.Spec.VocabularySize));
        Assert.All(model.Spec.Blocks, block => Assert.Equal((4 * width, width / 64), (block.FeedForward.MemoryCount, block.Attention.Heads)));
    }

    [Fact]
    public void A_corpus_has_one_word_a_token_in_lines_that_fit_into_the_model()
    {
        using var folder = new TemporaryFolder();
        WidthShape.Write(folder.File("model"), 64);
        WidthShape.WriteCorpus(folder.File("a.txt"), 1001);
        WidthShape.WriteCorpus(folder.File("b.txt"), 1001);
        Assert.Equal(File.ReadAllBytes(folder.File("a.txt")), File.ReadAllBytes(folder.File("b.txt")));
        Tokenizer tokenizer = TokenizerLoader.Load(folder.File("model"));
        int[] lengths = [.. File.ReadLines(folder.File("a.txt")).Select(line => tokenizer.Encode(line).Ids.Length)];
        Assert.Equal(1001, lengths.Sum());
        Assert.All(lengths[..^1], length => Assert.Equal(24, length));
    }
}
