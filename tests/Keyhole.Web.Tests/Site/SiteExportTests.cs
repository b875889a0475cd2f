using System.Text.Json;
using Keyhole.Engine;
using Keyhole.Exports;
using Keyhole.Memories;
using Keyhole.Studies;
using Keyhole.TestSupport.Web;
using Keyhole.Web.Site;
using Xunit;

namespace Keyhole.Web.Tests.Site;

public class SiteExportTests(WebFixture web)
{
    private static readonly NeuronId[] s_memories = [new(3, 12), new(0, 7), new(9, 1023)];

    [Fact]
    public async Task A_page_holds_what_the_server_gives()
    {
        string folder = Write("pages", new ExportOptions { Selection = Selection(), Model = ServedStudy.Model });
        JsonElement page = Data(Path.Combine(folder, "L3N12.html"));
        JsonElement memory = page.GetProperty("memory");
        JsonElement served = await web.Get("/api/memories/L3N12");
        foreach (JsonProperty member in served.EnumerateObject().Where(member => member.Name is not ("previous" or "next")))
        {
            Assert.True(JsonElement.DeepEquals(member.Value, memory.GetProperty(member.Name)), member.Name);
        }

        Assert.Equal("L0N7", memory.GetProperty("previous").GetString());   // the neighbours are those of the site
        Assert.Equal("L9N1023", memory.GetProperty("next").GetString());
        foreach (JsonElement trigger in memory.GetProperty("poles").EnumerateArray().SelectMany(pole => pole.GetProperty("triggers").EnumerateArray()))
        {
            JsonElement colours = page.GetProperty("coloured").GetProperty(trigger.GetProperty("text").GetProperty("unit").ToString());
            int at = trigger.GetProperty("position").GetInt32() - colours.GetProperty("from").GetInt32();
            Assert.Equal(trigger.GetProperty("coefficient").GetSingle(), colours.GetProperty("values")[at].GetSingle());
        }

        JsonElement index = Data(Path.Combine(folder, "index.html"));
        Assert.Equal(["L0N7", "L3N12", "L9N1023"], index.GetProperty("memories").EnumerateArray().Select(entry => entry.GetProperty("id").GetString()!));
    }

    [Fact]
    public void Threads_change_no_byte()
    {
        string one = Write("one", new ExportOptions { Selection = Selection(), Model = ServedStudy.Model, Threads = 1 });
        string two = Write("two", new ExportOptions { Selection = Selection(), Model = ServedStudy.Model, Threads = 2 });
        string[] files = [.. Directory.GetFiles(one, "*", SearchOption.AllDirectories).Select(file => Path.GetRelativePath(one, file))];
        Assert.Equal(files.Order(StringComparer.Ordinal), Directory.GetFiles(two, "*", SearchOption.AllDirectories).Select(file => Path.GetRelativePath(two, file)).Order(StringComparer.Ordinal));
        Assert.All(files, file => Assert.Equal(File.ReadAllBytes(Path.Combine(one, file)), File.ReadAllBytes(Path.Combine(two, file))));
    }

    [Fact]
    public void Without_a_selection_the_memories_of_a_report_are_shown()
    {
        string folder = Write("some", new ExportOptions { Model = ServedStudy.Model });
        int pages = Directory.GetFiles(folder, "L*.html").Length;
        Assert.InRange(pages, 10, 100);
        Assert.Equal(pages, Data(Path.Combine(folder, "index.html")).GetProperty("memories").GetArrayLength());
    }

    [Fact]
    public void Nothing_within_a_page_ends_its_data()
    {
        string folder = Write("hostile", new ExportOptions { Selection = Selection(), Model = ServedStudy.Model }, "</script><script>alert(1)</script>");
        string page = File.ReadAllText(Path.Combine(folder, "L3N12.html"));
        Assert.Equal(2, page.Split("</script>").Length - 1);
        Assert.DoesNotContain("<script>alert", page, StringComparison.Ordinal);
        Assert.Equal("</script><script>alert(1)</script>", Data(Path.Combine(folder, "L3N12.html")).GetProperty("study").GetProperty("name").GetString());
    }

    [Fact]
    public void What_cannot_be_written_is_refused()
    {
        using Study study = Study.Open(web.Served.Study);
        string folder = web.Served.PathOf("refused");
        InputRefusedException refused = Assert.Throws<InputRefusedException>(() => SiteExport.Write(
            study, "x", folder, new ExportOptions { Selection = new ExportSelection { Neurons = new HashSet<NeuronId> { new(99, 0) } } }, TestContext.Current.CancellationToken));
        Assert.Equal("KH5133", refused.Code);
        Assert.False(Directory.Exists(folder));
    }

    private static ExportSelection Selection() => new() { Neurons = s_memories.ToHashSet() };

    private string Write(string name, ExportOptions options, string title = "mini.study")
    {
        using Study study = Study.Open(web.Served.Study);
        string folder = web.Served.PathOf("site-" + name);
        IReadOnlyList<string> files = SiteExport.Write(study, title, folder, options, TestContext.Current.CancellationToken);
        Assert.Equal("index.html", files[0]);
        Assert.All(files, file => Assert.True(File.Exists(Path.Combine(folder, file)), file));
        return folder;
    }

    private static JsonElement Data(string path)
    {
        string page = File.ReadAllText(path);
        const string Open = "<script type=\"application/json\" id=\"data\">";
        int from = page.IndexOf(Open, StringComparison.Ordinal) + Open.Length;
        return JsonDocument.Parse(page[from..page.IndexOf("</script>", from, StringComparison.Ordinal)]).RootElement;
    }
}
