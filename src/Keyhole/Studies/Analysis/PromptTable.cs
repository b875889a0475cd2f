using System.Collections.Immutable;
using Keyhole.Prompts;
using Microsoft.Data.Sqlite;

namespace Keyhole.Studies.Analysis;

/// <summary>The prompts of named sets: table <c>prompt</c>, a row each, and table <c>prompt_layer</c>, a row for each layer's r and one more (layer = L) for the output.</summary>
internal static class PromptTable
{
    private const string Table = "prompt";

    private const string Readings = "top, answer_rank, answer_probability, competitor_rank, competitor_probability, associate_rank, associate_probability, current_rank, current_probability, subject_rank, subject_probability, shuffled_rank, shuffled_probability, entropy";

    private const string Create = """
        DROP TABLE IF EXISTS prompt_layer;
        DROP TABLE IF EXISTS prompt;
        CREATE TABLE prompt (
            id INTEGER PRIMARY KEY, set_name TEXT NOT NULL, prompt TEXT NOT NULL, answer TEXT NOT NULL, subject TEXT,
            answer_token INTEGER NOT NULL, answer_is_cut INTEGER NOT NULL, final INTEGER NOT NULL);
        CREATE TABLE prompt_layer (
            prompt INTEGER NOT NULL, layer INTEGER NOT NULL, top INTEGER NOT NULL,
            answer_rank REAL, answer_probability REAL, competitor_rank REAL, competitor_probability REAL, associate_rank REAL, associate_probability REAL,
            current_rank REAL, current_probability REAL, subject_rank REAL, subject_probability REAL, shuffled_rank REAL, shuffled_probability REAL, entropy REAL,
            PRIMARY KEY (prompt, layer)) WITHOUT ROWID;
        """;

    /// <summary>Writes all prompts, in place of earlier ones.</summary>
    /// <param name="study">The study.</param>
    /// <param name="options">Every option that decides the result.</param>
    /// <param name="rows">The prompts, in order.</param>
    /// <exception cref="StudyNotWrittenException">KH5112.</exception>
    public static void Write(StudyEditor study, IReadOnlyDictionary<string, string> options, IReadOnlyList<PromptTrace> rows)
    {
        study.Execute(Create);
        using SqliteCommand prompt = study.Prepare("INSERT INTO prompt (id, set_name, prompt, answer, subject, answer_token, answer_is_cut, final) VALUES ($a, $b, $c, $d, $e, $f, $g, $h)");
        using SqliteCommand layer = study.Prepare($"INSERT INTO prompt_layer (prompt, layer, {Readings}) VALUES ($a, $b, $c, $d, $e, $f, $g, $h, $i, $j, $k, $l, $m, $n, $o, $p)");
        for (int id = 0; id < rows.Count; id++)
        {
            PromptTrace row = rows[id];
            study.Run(prompt, id, row.Set, row.Prompt, row.Answer, row.Subject, row.AnswerToken, row.AnswerIsCut, row.Final);
            for (int l = 0; l < row.Layers.Length; l++)
            {
                PromptReading at = row.Layers[l];
                study.Run(layer, id, l, at.Top, at.AnswerRank, at.AnswerProbability, at.CompetitorRank, at.CompetitorProbability, at.AssociateRank, at.AssociateProbability,
                    at.CurrentRank, at.CurrentProbability, at.SubjectRank, at.SubjectProbability, at.ShuffledRank, at.ShuffledProbability, at.Entropy);
            }
        }

        AnalysisSections.Write(study, AnalysisSections.Prompts, options);
    }

    /// <summary>All prompts in order; null where the study was not analysed.</summary>
    /// <param name="study">The study.</param>
    /// <exception cref="Engine.InputRefusedException">KH5105: damaged.</exception>
    public static IReadOnlyList<PromptTrace>? Read(Study study)
    {
        if (!study.HasTable(Table))
        {
            return null;
        }

        ILookup<long, PromptReading> layers = study.Query($"SELECT prompt, {Readings} FROM prompt_layer ORDER BY prompt, layer", row => (Prompt: row.GetInt64(0), Reading: Reading(row))).ToLookup(row => row.Prompt, row => row.Reading);
        return [.. study.Query("SELECT id, set_name, prompt, answer, subject, answer_token, answer_is_cut, final FROM prompt ORDER BY id", row => new PromptTrace
        {
            Set = row.GetString(1),
            Prompt = row.GetString(2),
            Answer = row.GetString(3),
            Subject = row.IsDBNull(4) ? null : row.GetString(4),
            AnswerToken = row.GetInt32(5),
            AnswerIsCut = row.GetBoolean(6),
            Final = row.GetInt32(7),
            Layers = layers[row.GetInt64(0)].ToImmutableArray() is { IsEmpty: false } found ? found : throw new InvalidDataException($"prompt {row.GetInt64(0)} has no layers"),
        })];
    }

    private static PromptReading Reading(SqliteDataReader row)
        => new(row.GetInt32(1), row.Number(2), row.Number(3), row.Number(4), row.Number(5), row.Number(6), row.Number(7), row.Number(8), row.Number(9), row.Number(10), row.Number(11), row.Number(12), row.Number(13), row.Number(14));
}
