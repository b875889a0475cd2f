using Keyhole.Claiming;
using Keyhole.Corpora;
using Keyhole.Features;
using Keyhole.Mining;
using Keyhole.Mining.Nulls;
using Keyhole.Patterns;

namespace Keyhole.TestSupport.Web;

/// <summary>A study of the bundled model with nulls beside it, searched for patterns, claimed and measured.</summary>
internal static class ResultStudy
{
    /// <summary>Claims of both kinds, with names and predicates that a page could take for markup.</summary>
    public const string Claims = """
        - {name: fires after a comma, memory: L0N3, on: last, tokens: [","]}
        - {name: "<b>markup</b> & 'quotes'", memory: L9N7, on: target, regex: '<[a-z]|the', threshold: zero}
        - {name: which memory expects a comma, memories: all, on: target, tokens: [","]}
        - {name: which memory sees a capital, memories: all, on: last, regex: '^ ?[A-Z]'}
        """;

    /// <summary>Makes it in the folder of a served study; gives its path.</summary>
    public static string Make(ServedStudy served)
    {
        string path = served.PathOf("with-results.study");
        using (var miner = new Miner(new MiningOptions
        {
            Model = ServedStudy.Model,
            Corpus = [Path.Combine(SharedData.Repository, "corpora", "mini.train-sample.txt")],
            Output = path,
            Unit = UnitKind.Line,
            Limit = 400,
            Layers = [0, 9],
            Nulls = [NullKind.Directions, NullKind.Rotations],
            Threads = 2,
        }))
        {
            miner.Run();
        }

        using (Studies.Study study = StudyPatterns.Open(path))
        using (NullStudies nulls = NullStudies.Open(path, []))
        {
            StudyPatterns.Keep(path, PatternFinder.Find(study, new PatternOptions { Decoys = 500, Threads = 2 }, nulls.Studies));
        }

        string claims = served.PathOf("claims.yaml");
        File.WriteAllText(claims, Claims);
        ClaimTester.Run(new ClaimOptions { Study = path, Claims = claims, Layers = [0, 9], Best = 12, Threads = 2 });
        FeatureAnalyzer.Run(new FeatureOptions { Study = path, Positions = 2000, Layers = [0, 9], Threads = 2 });
        return path;
    }
}
