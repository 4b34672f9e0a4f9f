document.documentElement.dataset["script"] = "";
