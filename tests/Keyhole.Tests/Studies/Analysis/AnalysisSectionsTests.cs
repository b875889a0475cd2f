using Keyhole.Engine;
using Keyhole.Studies;
using Keyhole.Studies.Analysis;
using Xunit;

namespace Keyhole.Tests.Studies.Analysis;

public sealed class AnalysisSectionsTests : IDisposable
{
    private readonly SampleStudy _sample = new();

    public void Dispose() => _sample.Dispose();

    [Fact]
    public void A_study_without_the_table_has_no_section()
    {
        using Study study = Study.Open(_sample.Finished("study.db"));
        Assert.Null(AnalysisSections.Read(study, AnalysisSections.Values));
    }

    [Fact]
    public void Options_come_back_as_they_were()
    {
        string path = _sample.Finished("study.db");
        Dictionary<string, string> options = new() { ["seed"] = "18446744073709551615", ["readout"] = "folded", ["Straße"] = "\"a\\b\"\n\u2028\0 🙂", [""] = "" };
        Write(path, AnalysisSections.Mutations, options);
        Write(path, AnalysisSections.Reach, new Dictionary<string, string>());
        using Study study = Study.Open(path);
        Assert.Equal(options.OrderBy(option => option.Key, StringComparer.Ordinal), AnalysisSections.Read(study, AnalysisSections.Mutations)!);
        Assert.Empty(AnalysisSections.Read(study, AnalysisSections.Reach)!);
        Assert.Null(AnalysisSections.Read(study, AnalysisSections.Values));
    }

    [Fact]
    public void A_later_run_takes_the_place_of_an_earlier_one()
    {
        string path = _sample.Finished("study.db");
        Write(path, AnalysisSections.Mutations, new Dictionary<string, string> { ["seed"] = "1", ["memories"] = "20" });
        Write(path, AnalysisSections.Reach, new Dictionary<string, string> { ["seed"] = "2" });
        Write(path, AnalysisSections.Mutations, new Dictionary<string, string> { ["seed"] = "3" });
        using Study study = Study.Open(path);
        Assert.Equal(new Dictionary<string, string> { ["seed"] = "3" }, AnalysisSections.Read(study, AnalysisSections.Mutations)!);
        Assert.Equal(new Dictionary<string, string> { ["seed"] = "2" }, AnalysisSections.Read(study, AnalysisSections.Reach)!);
    }

    [Fact]
    public void The_same_options_give_the_same_text_in_order_of_names()
    {
        string path = _sample.Finished("study.db");
        Write(path, AnalysisSections.Values, new Dictionary<string, string> { ["b"] = "é", ["a"] = "1", ["B"] = "2" });
        using Study study = Study.Open(path);
        Assert.Equal("""{"B":"2","a":"1","b":"é"}""", study.Query("SELECT options FROM analysis", row => row.GetString(0)).Single());
    }

    [Theory]
    [InlineData("{")]
    [InlineData("[]")]
    [InlineData("""{"seed":1}""")]
    [InlineData("""{"seed":null}""")]
    public void What_is_no_object_of_strings_is_damage(string json)
    {
        string path = _sample.Finished("study.db");
        Write(path, AnalysisSections.Values, new Dictionary<string, string>());
        using (StudyEditor editor = StudyEditor.Open(path))
        {
            using var update = editor.Prepare("UPDATE analysis SET options = $a");
            editor.Run(update, json);
            editor.Commit();
        }

        using Study study = Study.Open(path);
        InputRefusedException refused = Assert.Throws<InputRefusedException>(() => AnalysisSections.Read(study, AnalysisSections.Values));
        Assert.Equal("KH5105", refused.Code);
        Assert.Contains("values", refused.Message, StringComparison.Ordinal);
    }

    private static void Write(string path, string section, IReadOnlyDictionary<string, string> options)
    {
        using StudyEditor editor = StudyEditor.Open(path);
        AnalysisSections.Write(editor, section, options);
        editor.Commit();
    }
}
