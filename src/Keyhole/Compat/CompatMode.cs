namespace Keyhole.Compat;

/// <summary>Names of the programs that a run can be made comparable with, line by line (docs/compat.md).</summary>
public static class CompatMode
{
    /// <summary>The option that says so, on the command line and in a study.</summary>
    public const string Option = "compat";

    /// <summary>The paper's released code, mega002/ff-layers.</summary>
    public const string FfLayers = "ff-layers";
}
