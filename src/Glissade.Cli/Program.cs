using Glissade.Cli;

return GlissadeCommand.Invoke(args, CommandEnvironment.OfProcess());
