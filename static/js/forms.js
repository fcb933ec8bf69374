// Fields that were left empty stay out of the address that a form leads to.
(() => {
  const forms = [...document.querySelectorAll("[data-short-address]")];
  for (const form of forms) {
    form.addEventListener("formdata", ({ formData }) => {
      for (const [name, value] of [...formData]) {
        if (value === "") formData.delete(name);
      }
    });
  }
})();
