namespace Keyhole.Studies;

/// <summary>The tables of a study and the numbers in the SQLite header that mark one.</summary>
internal static class StudySchema
{
    /// <summary>SQLite's application_id of a study: "KHst".</summary>
    public const int ApplicationId = 0x4B487374;

    /// <summary>Version of the tables and blobs, kept as SQLite's user_version; 0 while a study is being written.</summary>
    public const int Version = 4;

    public static readonly string[] Tables = ["provenance", "file", "unit_block", "token", "memory"];

    /// <summary>The table of a shard's ranks; only there where a merge needs it.</summary>
    public const string RankTable = "memory_rank";

    public const string CreateRanks = $"CREATE TABLE {RankTable} (id INTEGER PRIMARY KEY, positive BLOB NOT NULL)";

    /// <summary>Examples beyond the top; only there where mining was asked for them.</summary>
    public const string SampleTable = "memory_sample";

    /// <summary>Random positions of the corpus; there with <see cref="SampleTable"/>.</summary>
    public const string RandomTable = "random_position";

    /// <summary>Lists of the sign cases; only there where mining was asked for them.</summary>
    public const string CaseTable = "memory_case";

    public const string CreateCases = $"CREATE TABLE {CaseTable} (id INTEGER PRIMARY KEY, gate_plus_in_plus BLOB NOT NULL, gate_plus_in_minus BLOB NOT NULL, gate_minus_in_plus BLOB NOT NULL, gate_minus_in_minus BLOB NOT NULL)";

    /// <summary>Columns of <see cref="CaseTable"/>, in the order of <see cref="Memories.SignCases.Named"/>.</summary>
    public static readonly string[] CaseColumns = ["gate_plus_in_plus", "gate_plus_in_minus", "gate_minus_in_plus", "gate_minus_in_minus"];

    public const string CreateSamples = $"""
        CREATE TABLE {SampleTable} (id INTEGER PRIMARY KEY, positive BLOB NOT NULL, negative BLOB NOT NULL, random BLOB NOT NULL);
        CREATE TABLE {RandomTable} (id INTEGER PRIMARY KEY, unit INTEGER NOT NULL, position INTEGER NOT NULL, target INTEGER NOT NULL);
        """;

    public const string Create = """
        CREATE TABLE provenance (key TEXT PRIMARY KEY NOT NULL, value TEXT NOT NULL) WITHOUT ROWID;
        CREATE TABLE file (id INTEGER PRIMARY KEY, path TEXT NOT NULL, bytes INTEGER NOT NULL, sha256 TEXT NOT NULL);
        CREATE TABLE unit_block (first_unit INTEGER PRIMARY KEY, units INTEGER NOT NULL, raw_bytes INTEGER NOT NULL, zlib BLOB NOT NULL);
        CREATE TABLE token (id INTEGER PRIMARY KEY, text TEXT NOT NULL);
        CREATE TABLE memory (
            id INTEGER PRIMARY KEY, layer INTEGER NOT NULL, expert INTEGER NOT NULL, neuron INTEGER NOT NULL,
            positive_count INTEGER NOT NULL, negative_count INTEGER NOT NULL,
            positive BLOB NOT NULL, negative BLOB NOT NULL, statistics BLOB NOT NULL,
            UNIQUE (layer, expert, neuron));
        """;
}
