namespace Keyhole.Engine.Checkpoints;

/// <summary>Codes of refused checkpoints; docs/errors/checkpoints.md explains each.</summary>
internal static class CheckpointCodes
{
    public const string NotFound = "KH1001";
    public const string NotACheckpoint = "KH1002";
    public const string Truncated = "KH1003";
    public const string Malformed = "KH1004";
    public const string TensorTable = "KH1005";
    public const string Version = "KH1006";
    public const string StorageType = "KH1007";
    public const string MissingTensor = "KH1008";
    public const string Shape = "KH1009";
    public const string Index = "KH1010";
    public const string MissingShards = "KH1011";
    public const string IndexMismatch = "KH1012";
    public const string Config = "KH1013";
    public const string ConfigField = "KH1014";
    public const string MetadataField = "KH1015";
    public const string Output = "KH1016";
    public const string PyTorchContent = "KH1017";
    public const string ModelCache = "KH1018";
}
