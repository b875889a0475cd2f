using Keyhole.Annotations;

namespace Keyhole.Cli.Annotating;

/// <summary>Tells that a study which is to be replaced has annotations, and where they will be.</summary>
internal static class KeptAnnotations
{
    /// <summary>Says so, if there are any.</summary>
    public static void Note(CommandConsole console, string study)
    {
        if (AnnotationRescue.FileOf(study) is { } file)
        {
            console.Note($"{study} has annotations: before it is replaced they are written to {file}; 'keyhole annotations {study} --import {file}' brings them back where the lists are the same.");
        }
    }
}
