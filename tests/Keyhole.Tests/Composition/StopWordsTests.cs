using Keyhole.Composition;
using Keyhole.Engine;
using Keyhole.TestSupport;
using Xunit;

namespace Keyhole.Tests.Composition;

public sealed class StopWordsTests : IDisposable
{
    private static readonly string?[] s_pieces = [" the", "The", "cat", ",", "", " ", null, " WOULDN'T\n", "ing", "i"];

    private readonly TemporaryFolder _folder = new();

    [Fact]
    public void The_bundled_list_is_NLTKs()
    {
        StopWords words = StopWords.English(token => s_pieces[token]);
        Assert.Equal(179, words.Count);
        Assert.Equal([0, 1, 7, 9], Enumerable.Range(0, s_pieces.Length).Where(words.Contains));
        Assert.Equal(File.ReadAllBytes(SharedData.Require("corpora", "stopwords.en.txt")), File.ReadAllBytes(Path.Combine(SharedData.Repository, "corpora", "stopwords.en.txt")));
    }

    [Fact]
    public void Another_list_replaces_it()
    {
        string path = _folder.File("words.txt");
        File.WriteAllText(path, "Cat\r\n\r\n  ing \n");
        StopWords words = StopWords.Read(path, token => s_pieces[token]);
        Assert.Equal([2, 8], Enumerable.Range(0, s_pieces.Length).Where(words.Contains));
    }

    [Theory]
    [InlineData("\n \n")]
    [InlineData(null)]
    public void A_list_without_words_is_refused(string? content)
    {
        string path = _folder.File("words.txt");
        if (content is not null)
        {
            File.WriteAllText(path, content);
        }

        InputRefusedException refused = Assert.Throws<InputRefusedException>(() => StopWords.Read(path, _ => null));
        Assert.Equal("KH5306", refused.Code);
        Assert.Contains("words.txt", refused.Message, StringComparison.Ordinal);
    }

    public void Dispose() => _folder.Dispose();
}
