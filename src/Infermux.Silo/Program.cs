return await Infermux.Silo.SiloCommand.RunAsync(args);
