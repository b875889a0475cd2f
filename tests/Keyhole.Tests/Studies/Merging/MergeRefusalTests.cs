using Keyhole.Engine;
using Keyhole.Memories;
using Keyhole.Studies;
using Keyhole.Studies.Merging;
using Keyhole.TestSupport;
using Xunit;

namespace Keyhole.Tests.Studies.Merging;

/// <summary>What does not belong together, overlaps, is missing or is damaged is refused by name, and nothing is left behind.</summary>
public sealed class MergeRefusalTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly SyntheticRun _run = new(seed: 8, shards: 4, RunKind.Signed);
    private readonly string[] _shards;

    public MergeRefusalTests() => _shards = [.. Enumerable.Range(0, 4).Select(part => _run.Write(_folder.File($"{part}.study"), [part], [0, 1]))];

    [Theory]
    [InlineData("UPDATE provenance SET value = '9.9.9' WHERE key = 'program.version'", "program.version is '9.9.9' here and '0.1.0' there")]
    [InlineData("UPDATE provenance SET value = 'feed' WHERE key = 'model.weights_sha256'", "model.weights_sha256 is 'feed' here")]
    [InlineData("UPDATE provenance SET value = 'feed' WHERE key = 'model.tokenizer_sha256'", "model.tokenizer_sha256 is 'feed' here")]
    [InlineData("UPDATE provenance SET value = 'feed' WHERE key = 'corpus.sha256'", "corpus.sha256 is 'feed' here")]
    [InlineData("UPDATE provenance SET value = '6,5' WHERE key = 'model.widths'", "model.widths is '6,5' here and '5,5' there")]
    [InlineData("UPDATE provenance SET value = '77' WHERE key = 'option.seed'", "option.seed is '77' here and '0' there")]
    [InlineData("INSERT INTO provenance VALUES ('option.limit', '7')", "option.limit is '7' here and missing there")]
    [InlineData("DELETE FROM provenance WHERE key = 'option.per-prefix'", "option.per-prefix is missing here and 'true' there")]
    [InlineData("UPDATE provenance SET value = '1' WHERE key = 'count.candidates'", "count.candidates is '1' here")]
    [InlineData("UPDATE provenance SET value = '5' WHERE key = 'shard.count'", "number of shards is '5' here and '4' there")]
    [InlineData("UPDATE provenance SET value = '1' WHERE key = 'shard.corpus_units'", "units of the corpus is '1' here")]
    [InlineData("UPDATE provenance SET value = '1' WHERE key = 'shard.corpus_tokens'", "tokens of the corpus is '1' here")]
    [InlineData("DELETE FROM token WHERE id = 4", "number of token texts is '4' here and '5' there")]
    [InlineData("UPDATE file SET sha256 = 'feed' WHERE id = 1", "file 1 is 'b.txt, 7 bytes, feed' here")]
    [InlineData("DELETE FROM file WHERE id = 1", "file 1 is missing here")]
    public void What_is_of_another_run(string sql, string sentence)
    {
        StudyEdit.Execute(_shards[2], sql);
        InputRefusedException refused = Refused("KH5241", _shards);
        Assert.StartsWith($"{_shards[2]}: ", refused.Message, StringComparison.Ordinal);
        Assert.Contains(_shards[0], refused.Message, StringComparison.Ordinal);
        Assert.Contains(sentence, refused.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("UPDATE provenance SET value = 'elsewhere' WHERE key = 'model.path'")]
    [InlineData("UPDATE provenance SET value = '64' WHERE key = 'run.threads'")]
    [InlineData("INSERT INTO provenance VALUES ('run.option.more', '7')")]
    public void What_may_differ_does_not_matter(string sql)
    {
        StudyEdit.Execute(_shards[2], sql);
        string output = _folder.File("out");
        using (var merger = new StudyMerger(new MergeOptions { Shards = _shards, Output = output }))
        {
            merger.Run();
        }

        StudyTables.Same(_run.Write(_folder.File("whole"), [0, 1, 2, 3], [0, 1]), output);
    }

    [Fact]
    public void The_same_shard_twice()
    {
        Assert.Contains($"shard 1 of layer 0 is in {_shards[1]} already", Refused("KH5242", [.. _shards, _shards[1]]).Message, StringComparison.Ordinal);
        string two = _run.Write(_folder.File("two"), [2, 3], [1]);
        Assert.Contains("shard 2 of layer 1 is in", Refused("KH5242", [.. _shards, two]).Message, StringComparison.Ordinal);
        string whole = _run.Write(_folder.File("whole"), [0, 1, 2, 3], [0, 1]);
        Refused("KH5242", [whole, whole]);
    }

    [Fact]
    public void Missing_shards_are_named_and_nothing_is_written()
    {
        MergeIncompleteException missing = Incomplete(false, _shards[2]);
        Assert.Equal("KH5243", missing.Code);
        Assert.StartsWith("shards 0, 1, 3 of 4 are missing", missing.Message, StringComparison.Ordinal);
        Assert.Contains("--partial", missing.Message, StringComparison.Ordinal);
        Assert.StartsWith("shard 3 of 4 is missing", Incomplete(false, _shards[..3]).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Layers_with_other_shards_than_the_rest_are_named_even_if_a_part_is_enough()
    {
        string first = _run.Write(_folder.File("first"), [0], [0]);
        MergeIncompleteException missing = Incomplete(true, first, _shards[1], _shards[2]);
        Assert.Contains("shard 0 of 4 is missing in layer 1", missing.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void The_output_is_none_of_the_inputs()
    {
        byte[] before = File.ReadAllBytes(_shards[1]);
        using (new TemporaryFolder())
        {
            InputRefusedException refused = Assert.Throws<InputRefusedException>(() => new StudyMerger(new MergeOptions { Shards = _shards, Output = _shards[1], Overwrite = true }));
            Assert.Equal("KH5244", refused.Code);
        }

        File.Move(_shards[1], _folder.File("out.partial"));
        _shards[1] = _folder.File("out.partial");
        Assert.Equal("KH5244", Assert.Throws<InputRefusedException>(() => new StudyMerger(new MergeOptions { Shards = _shards, Output = _folder.File("out") })).Code);
        Assert.Equal(before, File.ReadAllBytes(_shards[1]));
    }

    [Theory]
    [InlineData("DELETE FROM memory WHERE id = 3", "the 4 memories of layer 0 have the numbers 0 to 4")]
    [InlineData("DELETE FROM memory WHERE id = 0", "it has 4 memories of layer 0 where")]
    [InlineData("DELETE FROM memory WHERE layer = 1", "it has 0 memories of layer 1 where")]
    [InlineData("UPDATE memory SET neuron = neuron + 100 WHERE id = 3", "memory L0N103 stands where L0N3 is expected")]
    [InlineData("UPDATE memory SET positive = x'' WHERE id = 3", "L0N3: A number ends early")]
    [InlineData("UPDATE memory SET positive = x'FF07' WHERE id = 3", "L0N3: it has a list of 511 triggers in 0 bytes")]
    [InlineData("UPDATE memory SET positive = substr(positive, 1, length(positive) - 1) WHERE id = 3", "L0N3")]
    [InlineData("UPDATE memory SET positive = positive || x'00' WHERE id = 3", "L0N3: bytes follow a list of triggers")]
    [InlineData("UPDATE memory SET positive = negative WHERE id = 3", "of the positive pole has the coefficient -")]
    [InlineData("UPDATE memory SET statistics = x'' WHERE id = 3", "L0N3: statistics begin with other flags")]
    [InlineData("UPDATE memory SET statistics = substr(statistics, 1, length(statistics) - 1) WHERE id = 3", "L0N3: A number ends early")]
    [InlineData("UPDATE memory SET statistics = statistics || x'00' WHERE id = 3", "L0N3: bytes follow statistics")]
    [InlineData("UPDATE memory SET statistics = x'00' || substr(statistics, 2) WHERE id = 3", "L0N3: ")]
    [InlineData("UPDATE unit_block SET first_unit = first_unit + 1", "unit")]
    [InlineData("UPDATE unit_block SET first_unit = first_unit + 1000", "units of a corpus|which belongs|it has unit")]
    [InlineData("DELETE FROM unit_block", "have")]
    [InlineData("UPDATE provenance SET value = '3,1' WHERE key = 'option.layers'", "option.layers")]
    [InlineData("UPDATE provenance SET value = '0,1,7' WHERE key = 'option.layers'", "a model of 2 layers does not have")]
    [InlineData("DELETE FROM provenance WHERE key = 'option.layers'", "option.layers' is missing")]
    [InlineData("UPDATE file SET path = '/etc/passwd'", "by a full path")]
    [InlineData("UPDATE provenance SET value = 'none' WHERE key = 'option.top'", "option.top' is 'none' where a number")]
    public void Damage_is_named(string sql, string sentence)
    {
        bool everywhere = sql.Contains("/etc/", StringComparison.Ordinal) || sql.Contains("option.top", StringComparison.Ordinal);
        foreach (string shard in everywhere ? _shards : _shards[1..2])
        {
            StudyEdit.Execute(shard, sql);
        }

        Assert.Matches(sentence, Refused("KH5105", _shards).Message);
    }

    [Fact]
    public void A_list_that_names_a_unit_of_another_shard()
    {
        byte[] others = StudyEdit.Scalar<byte[]>(_shards[1], "SELECT positive FROM memory WHERE id = 3");
        StudyEdit.Execute(_shards[0], "UPDATE memory SET positive = $a WHERE id = 3", others);
        Assert.Matches("L0N3: a trigger names unit [0-9]+, position [0-9]+, which the study does not have", Refused("KH5105", _shards).Message);
    }

    [Fact]
    public void A_list_out_of_order()
    {
        Trigger[] list;
        using (var study = Study.Open(_shards[0]))
        {
            list = [.. study.Memory(new NeuronId(0, 3))!.Positive.Reverse()];
        }

        Assert.True(list.Length > 1);
        StudyEdit.Execute(_shards[0], "UPDATE memory SET positive = $a WHERE id = 3", TriggerBlob.Write(list, ofExpert: false));
        Assert.Contains("L0N3: a list is out of order", Refused("KH5105", _shards).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Bytes_changed_at_random_are_refused_or_merged_but_never_crash()
    {
        byte[] good = File.ReadAllBytes(_shards[1]);
        for (int seed = 0; seed < 400; seed++)
        {
            var random = new Random(seed);
            byte[] bad = [.. good];
            for (int i = 0; i < 1 + random.Next(4); i++)
            {
                bad[random.Next(bad.Length)] = (byte)random.Next(256);
            }

            File.WriteAllBytes(_shards[1], bad);
            try
            {
                using var merger = new StudyMerger(new MergeOptions { Shards = _shards, Output = _folder.File("out"), Overwrite = true });
                merger.Run();
            }
            catch (InputRefusedException)
            {
            }
            catch (MergeIncompleteException)
            {
            }

            Assert.False(File.Exists(_folder.File("out.partial")), $"seed {seed}");
        }
    }

    public void Dispose() => _folder.Dispose();

    private InputRefusedException Refused(string code, string[] shards)
    {
        InputRefusedException refused = Assert.Throws<InputRefusedException>(() =>
        {
            using var merger = new StudyMerger(new MergeOptions { Shards = shards, Output = _folder.File("out") });
            merger.Run();
        });
        Assert.Equal(code, refused.Code);
        Assert.False(File.Exists(_folder.File("out")) || File.Exists(_folder.File("out.partial")));
        return refused;
    }

    private MergeIncompleteException Incomplete(bool partial, params string[] shards)
        => Assert.Throws<MergeIncompleteException>(() => new StudyMerger(new MergeOptions { Shards = shards, Output = _folder.File("out"), Partial = partial }));
}
